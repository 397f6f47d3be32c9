/** Record Consent: what people said, for the addresses of the input. */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mayHoldValue, NO_VALUE, NOT_A_TEXT, type Reason } from '../../../../core/accounting/rowReasons';
import {
	displayValue,
	isEmptyValue,
	UnreadableRow,
	type RowValue,
} from '../../../../core/accounting/rowValue';
import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { counted } from '../../../../core/dataverse/text/words';
import { noteContactPoint, readContactPoint } from '../../../../core/people/consent/contactPoint';
import { purposeName } from '../../../../core/people/consent/purposes';
import { recordConsent as record, type Recorded } from '../../../../core/people/consent/recordConsent';
import { recordsOutOfSight } from '../../../../core/people/consent/visibility';
import type { RecordOrder } from '../../../../core/people/consent/planRecord';
import type { Channel } from '../../../../core/people/consent/types';
import { isCancelled, messageOf, asError } from '../../../shared/errors';
import type { BulkOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readChoice, readFlag, readOptionalText } from '../../../shared/read';
import { errorItem } from '../../../shared/run';
import { ADDRESS_PARAMETERS, addressProperties, addressSource } from '../../consent/addressRows';
import {
	channelOption,
	ConsentBook,
	overruleOptOuts,
	purposeField,
	readChannel,
	readTopicTexts,
	sourceField,
	topicsField,
} from '../../consent/purposeFields';
import { groupBySettings, hintCostOfExpressions } from '../../delivery/groupDeliveries';
import { pairedItems } from '../../delivery/outputs';
import { readDryRun } from '../../delivery/deliveryParameters';
import type { PeopleSource } from '../../input/peopleSource';
import { EXCEPTIONS_SHOWN } from '../../../../core/accounting/report';

const PARALLEL = 2;

const consentValue: INodeProperties = {
	displayName: 'Consent',
	name: 'consentValue',
	type: 'options',
	default: 'optedOut',
	options: [
		{ name: 'Opted In', value: 'optedIn', description: 'They want these messages' },
		{ name: 'Opted Out', value: 'optedOut', description: 'They do not want these messages' },
	],
	description: 'What the people said',
};

const report: INodeProperties = {
	displayName: 'Report',
	name: 'report',
	type: 'options',
	noDataExpression: true,
	default: 'summary',
	options: [
		{
			name: 'One Item per Row',
			value: 'oneItemPerRow',
			description: 'Each input item, value of the list or line of the file with the result for its address',
		},
		{
			name: 'Summary',
			value: 'summary',
			description: 'One item with all figures and the first 100 addresses that were not recorded',
		},
	],
	description: 'What the node returns',
};

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description: 'Whether to return what would be recorded without writing anything',
};

export const recordConsent: BulkOperation = {
	value: 'recordConsent',
	name: 'Record Consent',
	action: 'Record consent of addresses',
	description: 'Record that people opted in to or out of messages, by email address or phone number',
	properties: [
		...addressProperties,
		consentValue,
		purposeField,
		topicsField,
		sourceField,
		dryRun,
		report,
		optionsCollection([channelOption, giveUpAfter, overruleOptOuts]),
	],
	runAll: async (context) => await recordAll(context),
};

/** Items with the same settings are recorded together; what fails concerns their own items. */
async function recordAll(context: OperationContext): Promise<INodeExecutionData[]> {
	hintCostOfExpressions(context);
	const { groups, undeliverable } = groupBySettings(context, ADDRESS_PARAMETERS);
	const book = new ConsentBook(context.client);
	const outputs: INodeExecutionData[] = [];
	const failed = [...undeliverable];
	for (const { itemIndices } of groups) {
		try {
			outputs.push(...(await recordGroup(context, book, itemIndices)));
		} catch (error) {
			if (isCancelled(error)) throw asError(error);
			failed.push({ itemIndices, error });
		}
	}
	const [first] = failed;
	if (first !== undefined && !context.functions.continueOnFail()) throw asError(first.error);
	for (const { error, itemIndices } of failed) {
		for (const index of itemIndices) outputs.push(errorItem(error, messageOf(error), index));
	}
	return outputs;
}

/** What a row says: an address, or why it says none. */
type Row = ({ readonly key: string } | { readonly reason: Reason }) & {
	/** What stood in it, where it comes out again. */
	readonly shown?: string;
};

async function recordGroup(
	context: OperationContext,
	book: ConsentBook,
	itemIndices: readonly number[],
): Promise<INodeExecutionData[]> {
	const { functions, client } = context;
	const first = itemIndices[0] ?? 0;
	const channel = readChannel(functions, first);
	const purpose = await book.purposeOf(functions, first);
	const order: RecordOrder = {
		channel,
		purpose,
		topics: await book.topicsOf(purpose, readTopicTexts(functions, first)),
		value: readChoice(functions, 'consentValue', first, ['optedOut', 'optedIn']),
		source: readOptionalText(functions, 'source', first) ?? 'n8n',
		overruleOptOuts: readFlag(functions, 'options.overruleOptOuts', first),
		unitScoping: (await book.features()).unitScoping,
	};
	const isPerRow = readChoice(functions, 'report', first, ['summary', 'oneItemPerRow']) === 'oneItemPerRow';
	const source = addressSource(context, itemIndices);
	const addresses = new Map<string, readonly string[]>();
	const rows = await readRows(source, channel, { addresses, isPerRow });
	const isDryRun = readDryRun(functions, first);
	// An opt-out that is out of sight would be overruled by the newer opt-in.
	const outOfSight = order.value === 'optedIn' ? await recordsOutOfSight(client) : undefined;
	const recorded = await record(client, order, addresses, { parallel: PARALLEL, dryRun: isDryRun });
	sayWhatWasRecorded(context, order, recorded, isDryRun);
	if (outOfSight !== undefined && recorded.figures.recorded > 0) context.hint(outOfSight, 'warning');
	return isPerRow
		? rows.map((row, index) => rowItem(context, recorded, row, { index, item: source.itemOfRow(index) }))
		: [summaryItem({ order, recorded, rows, itemIndices, isDryRun })];
}

interface ReadInto {
	/** Takes the addresses, each once. */
	readonly addresses: Map<string, readonly string[]>;
	readonly isPerRow: boolean;
}

/** @throws DataverseError `invalidInput` where no row holds an address */
async function readRows(
	source: PeopleSource,
	channel: Channel,
	{ addresses, isPerRow }: ReadInto,
): Promise<readonly Row[]> {
	if (source.wrongName !== undefined) throw source.wrongName;
	const rows: Row[] = [];
	const take = (value: RowValue) => {
		const row = readRow(value, channel, addresses);
		rows.push(isPerRow && !isEmptyValue(value) ? { ...row, shown: shownOf(value) } : row);
	};
	if (Symbol.asyncIterator in source.rows) {
		for await (const batch of source.rows) batch.forEach(take);
	} else for (const value of source.rows) take(value);
	if (addresses.size === 0 && rows.length > 0) throw noAddress(rows, source);
	return rows;
}

function readRow(value: RowValue, channel: Channel, addresses: Map<string, readonly string[]>): Row {
	if (isEmptyValue(value)) return { reason: NO_VALUE };
	if (value instanceof UnreadableRow) return { reason: value.reason };
	if (typeof value !== 'string' && typeof value !== 'number') return { reason: NOT_A_TEXT };
	const point = readContactPoint(channel, String(value));
	if ('reason' in point) return point;
	noteContactPoint(addresses, point);
	return { key: point.key };
}

const shownOf = (value: RowValue) => displayValue(value instanceof UnreadableRow ? value.shown : value);

function noAddress([first]: readonly Row[], { expectedRows = 0, field }: PeopleSource) {
	const reason = first !== undefined && 'reason' in first ? first.reason : NO_VALUE;
	const why = `Of the first row: ${reason.reason} ${reason.remedy}`;
	if (mayHoldValue(reason))
		return invalidInput('None of the rows contains an address that can be read.', why);
	return invalidInput(
		expectedRows === 1
			? `The only row does not contain an address in "${field}".`
			: `None of the rows contains an address in "${field}".`,
		`Check the field or column and the channel. ${why}`,
	);
}

function sayWhatWasRecorded(
	context: OperationContext,
	{ purpose, value }: RecordOrder,
	{ figures }: Recorded,
	isDryRun: boolean,
): void {
	const what = value === 'optedIn' ? 'Opted In' : 'Opted Out';
	const { recorded, alreadyRecorded, keptOptOut, notRecorded, addresses } = figures;
	const parts = [
		`${recorded} of ${counted(addresses, 'address', 'addresses')} ${isDryRun ? 'would be recorded' : 'recorded'}`,
	];
	if (alreadyRecorded > 0) parts.push(`${alreadyRecorded} already recorded`);
	if (keptOptOut > 0) parts.push(`${keptOptOut} kept opted out`);
	if (notRecorded > 0) parts.push(`${notRecorded} not recorded`);
	context.hint(
		`${purposeName(purpose)}, ${what}: ${parts.join(', ')}.`,
		notRecorded > 0 ? 'warning' : 'info',
	);
	if (purpose.profile?.hasProvider === true) {
		context.hint(
			`The compliance profile "${purpose.profile.name}" has a consent provider: it decides, and consent records do not count.`,
			'warning',
		);
	}
}

interface Summary {
	readonly order: RecordOrder;
	readonly recorded: Recorded;
	readonly rows: readonly Row[];
	readonly itemIndices: readonly number[];
	readonly isDryRun: boolean;
}

function summaryItem({ order, recorded, rows, itemIndices, isDryRun }: Summary): INodeExecutionData {
	const invalid = rows.filter((row) => 'reason' in row).length;
	const exceptions: IDataObject[] = [];
	const seen = new Set<string>();
	for (const [index, row] of rows.entries()) {
		if (exceptions.length >= EXCEPTIONS_SHOWN) break;
		if ('key' in row && seen.has(row.key)) continue;
		if ('key' in row) seen.add(row.key);
		const { outcome, reason } = outcomeOf(row, recorded);
		if (reason !== undefined) exceptions.push({ row: index + 1, outcome, ...reason });
	}
	return {
		json: {
			purpose: purposeName(order.purpose),
			topics: order.topics.map(({ name }) => name),
			value: order.value,
			channel: order.channel,
			rows: rows.length,
			duplicates: rows.length - invalid - recorded.figures.addresses,
			invalid,
			consent: { ...recorded.figures },
			exceptions,
			...(isDryRun ? { dryRun: true } : {}),
		},
		pairedItem: pairedItems(itemIndices),
	};
}

function rowItem(
	{ items }: OperationContext,
	recorded: Recorded,
	row: Row,
	{ index, item }: { readonly index: number; readonly item: number },
): INodeExecutionData {
	const { outcome, reason } = outcomeOf(row, recorded);
	return {
		json: {
			...items[item]?.json,
			consent: { outcome, row: index + 1, value: row.shown ?? null, ...reason },
		},
		pairedItem: { item },
	};
}

function outcomeOf(row: Row, recorded: Recorded): { readonly outcome: string; readonly reason?: Reason } {
	return 'reason' in row ? { outcome: 'invalid', reason: row.reason } : recorded.outcomeOf(row.key);
}
