import type {
	ActionHandler,
	EmulatorUser,
	Row,
	ServiceContext,
	TableDefinition,
} from '../../../emulator/contracts';
import { ServiceFault } from '../../../emulator/contracts';
import {
	type AnswerOptions,
	type DataResponse,
	answerData,
	createStore,
	dataAssumptions,
	errorResponse,
	seedPeople,
	standardIds,
	standardTables,
} from '../../../emulator/data';

export const root = 'http://127.0.0.1:4711/api/data/v9.2/';

interface Setup {
	readonly contacts?: number;
	readonly leads?: number;
	readonly accounts?: number;
	readonly tables?: readonly TableDefinition[];
	readonly actions?: Readonly<Record<string, ActionHandler>>;
	readonly missingPrivileges?: readonly string[];
	readonly assumptions?: Readonly<Record<string, string>>;
	readonly options?: AnswerOptions;
}

export interface Answer extends DataResponse {
	readonly json: Row & { value: Row[] };
}

/** Emulated data with seeded people and a way to ask for it, errors included, as a client would see them. */
export function dataService(setup: Setup = {}) {
	const clock = { now: () => Date.UTC(2026, 0, 15, 12) };
	const store = createStore(setup.tables ?? standardTables, clock);
	seedPeople(store, { contacts: setup.contacts ?? 0, leads: setup.leads, accounts: setup.accounts });
	const user: EmulatorUser = {
		userId: standardIds.administrator,
		businessUnitId: standardIds.rootBusinessUnit,
		organizationId: standardIds.organization,
		missingPrivileges: setup.missingPrivileges ?? [],
	};
	const context: ServiceContext = {
		store,
		clock,
		user,
		environmentUrl: 'http://127.0.0.1:4711',
		assumption: (id) => {
			const definition = dataAssumptions.find((candidate) => candidate.id === id);
			if (definition === undefined) throw new Error(`No assumption ${id}`);
			return setup.assumptions?.[id] ?? definition.defaultValue;
		},
	};
	const send = (
		method: string,
		address: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Answer => {
		const relative = address.startsWith(root) ? address.slice(root.length) : address;
		const cut = relative.includes('?') ? relative.indexOf('?') : relative.length;
		const request = {
			method,
			path: relative.slice(0, cut),
			rawQuery: relative.slice(cut + 1),
			headers,
			body,
		};
		const answer = answerOrError(
			() => answerData(request, context, setup.actions ?? {}, setup.options ?? {}),
			headers,
		);
		const isJson = answer.headers['Content-Type']?.startsWith('application/json');
		return { ...answer, json: (isJson ? JSON.parse(answer.body ?? 'null') : {}) as Answer['json'] };
	};
	const get = (address: string, headers?: Record<string, string>) => send('GET', address, undefined, headers);
	/** Ids that a filter finds. */
	const found = (set: string, key: string, filter: string): string[] =>
		get(`${set}?$select=${key}&$filter=${encodeURIComponent(filter)}`).json.value.map((row) =>
			String(row[key]),
		);
	return { store, context, send, get, found };
}

function answerOrError(work: () => DataResponse, headers: Record<string, string>): DataResponse {
	try {
		return work();
	} catch (error) {
		if (error instanceof ServiceFault) return errorResponse(error, headers);
		throw error;
	}
}

export function errorOf(answer: Answer): { status: number; code: string; message: string } {
	const { code, message } = answer.json.error as { code: string; message: string };
	return { status: answer.status, code, message };
}
