/**
 * What an environment has and allows. Each fact is read when it is first needed, and only once per client, that is, per
 * execution of a node; callers that ask at the same time share the request.
 */

import type { DataverseClient } from '../dataverse/client';
import {
	readCaller,
	readIdentity,
	readOrganization,
	readOrganizationSettings,
	readSolutions,
	readSwitches,
	type Caller,
	type Identity,
	type Organization,
	type OrganizationSettings,
} from './about';
import { readActions, readMessages, readSchemaActions, type ActionFacts, type KnownActions } from './actions';
import {
	readColumnNames,
	readKeys,
	readMemoLength,
	readStatusOptions,
	readTables,
	type KeyFacts,
	type StatusOption,
	type TableTraits,
} from './columns';
import { known, look, mapFact, notKnown, type Fact } from './fact';
import { readRights, type Rights } from './rights';

/** Kept as long as the client. */
const environments = new WeakMap<DataverseClient, Environment>();

const REAL_TIME = 'msdynmkt_';

/**
 * The facts about one environment, as the user of the credential may read them. What cannot be read is not known, with the
 * reason; only what ends the whole run is thrown (`endsRun` in `fact.ts`). Names of tables and columns are logical names.
 */
export class Environment {
	private readonly facts = new Map<string, Promise<Fact<unknown>>>();

	private constructor(private readonly client: DataverseClient) {}

	/** The environment of this client. */
	static of(client: DataverseClient): Environment {
		const environment = environments.get(client) ?? new Environment(client);
		environments.set(client, environment);
		return environment;
	}

	/** Who the credential is in this environment: the IDs of the user, the business unit and the organization. */
	async identity(): Promise<Fact<Identity>> {
		return await this.once('identity', 'who the user is', async () => known(await readIdentity(this.client)));
	}

	/** The real-time actions with their inputs and outputs. */
	async actions(): Promise<Fact<KnownActions>> {
		return await this.once('actions', 'the actions', async () => await readActions(this.client, REAL_TIME));
	}

	/** One of the actions; undefined if the environment certainly has none with that name. */
	async action(name: string): Promise<Fact<ActionFacts | undefined>> {
		const all = await this.actions();
		if (!all.known) return all;
		const action = all.value.actions.get(name);
		if (action !== undefined || all.value.isComplete) return known(action);
		return notKnown(`${name} is not in $metadata, where private actions are hidden`);
	}

	/** The unbound actions in `$metadata`, from all solutions, process actions included. */
	async schemaActions(prefixes: readonly string[]): Promise<Fact<ReadonlyMap<string, ActionFacts>>> {
		return await this.once(`schema ${prefixes.join()}`, '$metadata', async () =>
			known(await readSchemaActions(this.client, prefixes)),
		);
	}

	/** Which of these messages the environment has. */
	async messages(names: readonly string[]): Promise<Fact<ReadonlySet<string>>> {
		return await this.once(`messages ${names.join()}`, 'messages', async () =>
			known(await readMessages(this.client, names)),
		);
	}

	/** Which of these tables the environment has. */
	async tables(names: readonly string[]): Promise<Fact<ReadonlyMap<string, TableTraits>>> {
		return await this.once(`tables ${names.join()}`, 'definitions of tables', async () =>
			known(await readTables(this.client, names)),
		);
	}

	/** Logical names of the columns; undefined where there is no such table. */
	async columns(table: string): Promise<Fact<ReadonlySet<string> | undefined>> {
		return await this.once(`columns ${table}`, `columns of ${table}`, async () =>
			known(await readColumnNames(this.client, table)),
		);
	}

	/** Characters that a memo column holds; undefined where there is no such column. */
	async memoLength(table: string, column: string): Promise<Fact<number | undefined>> {
		return await this.once(
			`memo ${table}.${column}`,
			`the length of ${table}.${column}`,
			async () => await readMemoLength(this.client, table, column),
		);
	}

	/** The options of `statuscode`; undefined where there is no such table. */
	async statusOptions(table: string): Promise<Fact<readonly StatusOption[] | undefined>> {
		return await this.once(
			`status ${table}`,
			`the statuses of ${table}`,
			async () => await readStatusOptions(this.client, table),
		);
	}

	/**
	 * The code of the status that has this label in English; undefined where no status has it. Labels of other languages
	 * are not looked at: they differ by environment.
	 */
	async statusNamed(table: string, label: string): Promise<Fact<number | undefined>> {
		const wanted = label.toLowerCase();
		return mapFact(
			await this.statusOptions(table),
			(options) => options?.find((option) => option.label?.trim().toLowerCase() === wanted)?.value,
		);
	}

	/** The alternate keys of a table, those that are still being built too. */
	async keys(table: string): Promise<Fact<readonly KeyFacts[]>> {
		return await this.once(`keys ${table}`, `the keys of ${table}`, async () =>
			known(await readKeys(this.client, table)),
		);
	}

	/** The rights of the user, with one batch. */
	async rights(names: readonly string[]): Promise<Fact<Rights>> {
		return await this.once(`rights ${names.join()}`, 'the rights of the user', async () => {
			const identity = await this.identity();
			return identity.known ? known(await readRights(this.client, identity.value.userId, names)) : identity;
		});
	}

	/** Whether the caller is an app or a person, and its roles. */
	async caller(): Promise<Fact<Caller>> {
		return await this.once('caller', 'the user and its roles', async () => {
			const identity = await this.identity();
			return identity.known ? await readCaller(this.client, identity.value.userId) : identity;
		});
	}

	/** The type (production, sandbox …), version and region of the environment. */
	async organization(): Promise<Fact<Organization>> {
		return await this.once(
			'organization',
			'the organization',
			async () => await readOrganization(this.client),
		);
	}

	/** Whether auditing and duplicate detection are on, and how long delta tokens last. */
	async settings(): Promise<Fact<OrganizationSettings>> {
		return await this.once(
			'settings',
			'the settings of the organization',
			async () => await readOrganizationSettings(this.client),
		);
	}

	/** The versions of the solutions of Customer Insights - Journeys, by unique name. */
	async solutions(): Promise<Fact<ReadonlyMap<string, string>>> {
		return await this.once('solutions', 'solutions', async () => await readSolutions(this.client));
	}

	/** Which features of Customer Insights - Journeys are switched on, by unique name. */
	async switches(): Promise<Fact<ReadonlyMap<string, boolean>>> {
		return await this.once('switches', 'feature switches', async () => await readSwitches(this.client));
	}

	/** What failed is read again when it is next needed: the connection may work again for the next item. */
	private async once<T>(key: string, what: string, work: () => Promise<Fact<T>>): Promise<Fact<T>> {
		const kept = this.facts.get(key) as Promise<Fact<T>> | undefined;
		const fact = kept ?? look(what, work);
		if (kept === undefined) {
			this.facts.set(key, fact);
			fact.catch(() => this.facts.delete(key));
		}
		return await fact;
	}
}
