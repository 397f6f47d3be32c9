import { randomUUID } from 'node:crypto';
import type { Row, ServiceContext, Table } from '../../contracts';
import { DEFINITION_TABLE, EXECUTION_TABLE, executionStatus } from './options';
import { definitionId, printTime, stateOf, type SegmentRows, type SegmentState } from './state';

/** How an evaluation ended. `due` is the virtual time of its end. */
export interface ExecutionEnd {
	readonly id: string;
	readonly changes: Row;
	readonly due: number;
}

/** Writes the row of an evaluation that begins now; returns its id. */
export function insertExecution({ definition }: SegmentRows, type: number, context: ServiceContext): string {
	const id = randomUUID();
	const table = context.store.table(EXECUTION_TABLE);
	if (context.assumption('executionRetention') === 'purged') purge(definitionId(definition), table);
	table.insert({
		msdynmkt_segmentexecutionid: id,
		msdynmkt_startedon: printTime(context.clock.now()),
		msdynmkt_type: type,
		msdynmkt_segmentdefinitionid: definitionId(definition),
		'msdynmkt_segmentdefinitionid@table': DEFINITION_TABLE,
		statecode: 0,
		statuscode: executionStatus.inProgress,
	});
	return id;
}

function purge(definition: string, table: Table): void {
	const old = [...table.rows()].filter((row) => row.msdynmkt_segmentdefinitionid === definition);
	for (const row of old) table.remove(String(row.msdynmkt_segmentexecutionid));
}

/**
 * Writes the end of an evaluation: into the row of its start, or as a row of its own (`executionUpdates`). With
 * `lateCommits` the write gets its time and its version now and can be read some seconds later. A row that somebody has
 * deleted in between stays deleted.
 */
export function endExecution(
	definition: Readonly<Row>,
	{ id, changes, due }: ExecutionEnd,
	context: ServiceContext,
): void {
	const table = context.store.table(EXECUTION_TABLE);
	const begun = table.get(id);
	if (begun === undefined) return;
	const at = printTime(due);
	const ended: Row = { ...changes, msdynmkt_finishedon: at, modifiedon: at };
	const row =
		context.assumption('executionUpdates') === 'newRow'
			? { ...startOf(begun), ...ended, msdynmkt_segmentexecutionid: randomUUID(), createdon: at }
			: { ...ended, msdynmkt_segmentexecutionid: id };
	const version = table.reserveVersion();
	const late = context.assumption('lateCommits');
	const state = stateOf(definition, context.store);
	const commitAt = due + (late === 'off' ? 0 : Number(late) * 1000);
	state.lateEnds = [...state.lateEnds, { due: commitAt, version, row }];
	if (commitAt <= context.clock.now()) commitEnd(state, context);
}

/** Commits the end that is due first. */
export function commitEnd(state: SegmentState, context: ServiceContext): void {
	const [end, ...others] = state.lateEnds;
	state.lateEnds = others;
	if (end === undefined) return;
	const table = context.store.table(EXECUTION_TABLE);
	const isOwnRow = end.row.createdon !== undefined;
	if (!isOwnRow && table.get(String(end.row.msdynmkt_segmentexecutionid)) === undefined) return;
	table.commitAs(end.version, end.row);
}

const OF_THE_WRITE: ReadonlySet<string> = new Set(['createdon', 'modifiedon', 'versionnumber']);

/** What both rows of an evaluation say, where its end has a row of its own. */
function startOf(begun: Readonly<Row>): Row {
	return Object.fromEntries(Object.entries(begun).filter(([name]) => !OF_THE_WRITE.has(name)));
}
