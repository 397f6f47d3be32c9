/**
 * Takes away what a trial made, by ids alone, in an order that can be broken off and begun again at any request. Rows whose
 * name is not that of a trial are not touched.
 */

import { DataverseError } from '../../core/dataverse/errors/errors';
import { ownString } from '../../core/dataverse/http/json';
import { entityPath, eq, literal, queryString } from '../../core/dataverse/text/odata';
import { readGroupPage } from '../../core/segments/realTime/api/replies';
import { isOk, json, type Asking } from '../asking';
import { isOfTrial, type TrialRows } from './rows';
import { DEFINITIONS, SEGMENTS, STATUS, TrialService } from './service';

const EXECUTIONS = 'msdynmkt_segmentexecutions';
const PAGE = 1_000;

export interface CleanedUp {
	/** What was deleted, as set and id. */
	readonly removed: readonly string[];
	/** What is still there and of the trial. */
	readonly left: readonly string[];
	/** Rows under the ids of a trial with another name. */
	readonly notOurs: readonly string[];
}

export async function cleanUp(asking: Asking, rows: TrialRows): Promise<CleanedUp> {
	const work = new CleanUp(asking, rows);
	await work.segment();
	await work.row('contacts', 'contactid', rows.contactId, 'lastname');
	return work.result();
}

class CleanUp {
	private readonly removed: string[] = [];
	private readonly left: string[] = [];
	private readonly notOurs: string[] = [];
	private readonly service: TrialService;

	constructor(
		private readonly asking: Asking,
		private readonly rows: TrialRows,
	) {
		this.service = new TrialService(asking, rows);
	}

	result(): CleanedUp {
		const { left, notOurs, removed } = this;
		return { left, notOurs, removed };
	}

	async segment(): Promise<void> {
		const { definitionId, segmentId } = this.rows;
		const name = await this.nameOf(SEGMENTS, segmentId, 'msdynmkt_segmentid', 'msdynmkt_displayname');
		const defined = await this.nameOf(
			DEFINITIONS,
			definitionId,
			'msdynmkt_segmentdefinitionid',
			'msdynmkt_name',
		);
		const foreign = [
			...(name === undefined || isOfTrial(name) ? [] : [`${SEGMENTS}(${segmentId})`]),
			...(defined === undefined || isOfTrial(defined) ? [] : [`${DEFINITIONS}(${definitionId})`]),
		];
		if (foreign.length > 0) {
			this.notOurs.push(...foreign);
			return;
		}
		if (name !== undefined) {
			await this.stop();
			await this.emptyGroup();
		}
		// Deleting the definition empties the link by which its executions are found.
		if (defined !== undefined) await this.executions();
		if (name !== undefined) await this.remove(SEGMENTS, segmentId, { statecode: 1, statuscode: 4 });
		if (defined !== undefined) {
			await this.remove(DEFINITIONS, definitionId, { statecode: 1, statuscode: 723270003 });
		}
	}

	/** Deletes one row where its name is that of a trial. */
	async row(set: string, key: string, id: string, nameColumn: string): Promise<void> {
		const name = await this.nameOf(set, id, key, nameColumn);
		if (name === undefined) return;
		if (isOfTrial(name)) await this.remove(set, id);
		else this.notOurs.push(`${set}(${id})`);
	}

	private async stop(): Promise<void> {
		const status = await this.service.status();
		if (status === STATUS.inactive || status === STATUS.stopped || status === undefined) return;
		await this.service.stop();
		await this.service.settled();
	}

	private async emptyGroup(): Promise<void> {
		const group = { GroupId: this.rows.groupId, PageNo: 1, PageSize: PAGE };
		for (let last = ''; ;) {
			const reply = await this.service.act('msdynmkt_ListGroupMembers', group);
			const ids = isOk(reply) ? (readGroupPage(json(reply)) ?? []) : [];
			const [first = ''] = ids;
			if (first === '' || first === last) return;
			last = first;
			if (!isOk(await this.service.remove(ids))) return;
		}
	}

	private async executions(): Promise<void> {
		const filter = eq('_msdynmkt_segmentdefinitionid_value', literal.guid(this.rows.definitionId));
		const query = queryString({ select: ['msdynmkt_segmentexecutionid'], filter });
		const reply = await this.asking.raw({ path: `${EXECUTIONS}${query}` });
		const value = isOk(reply) ? (json(reply) as { readonly value?: readonly unknown[] }).value : [];
		for (const row of value ?? []) {
			const id = ownString(row, 'msdynmkt_segmentexecutionid');
			if (id !== undefined) await this.remove(EXECUTIONS, id);
		}
	}

	/** @param instead how the row is marked as deleted where deleting it is refused */
	private async remove(set: string, id: string, instead?: Readonly<Record<string, unknown>>): Promise<void> {
		const what = `${set}(${id})`;
		const reply = await this.asking.raw({ method: 'DELETE', path: entityPath(set, id) });
		if (isOk(reply) || reply.status === 404) {
			this.removed.push(what);
			return;
		}
		if (instead !== undefined) {
			await this.asking.raw({
				method: 'PATCH',
				path: entityPath(set, id),
				body: instead,
				headers: { 'If-Match': '*' },
			});
		}
		this.left.push(what);
	}

	private async nameOf(set: string, id: string, key: string, column: string): Promise<string | undefined> {
		try {
			const row = await this.asking.client.findRow(set, id, { select: [key, column] });
			return row === undefined ? undefined : (ownString(row, column) ?? '');
		} catch (error) {
			// An environment without the table, or a user who may not read it, has no such row.
			if (error instanceof DataverseError && ['forbidden', 'notFound'].includes(error.kind)) return undefined;
			throw error;
		}
	}
}
