/** Record Consent: what people said, for the addresses of the input. */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { NO_VALUE, NOT_A_TEXT, type Reason } from '../../../../core/accounting/rowReasons';
import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { counted } from '../../../../core/dataverse/text/words';
import { noteContactPoint, readContactPoint } from '../../../../core/people/consent/contactPoint';
import { purposeName } from '../../../../core/people/consent/purposes';
import { recordConsent as record, type Recorded } from '../../../../core/people/consent/recordConsent';
import { recordsOutOfSight } from '../../../../core/people/consent/visibility';
import type { RecordOrder } from '../../../../core/people/consent/planRecord';
import type { Channel } from '../../../../core/people/consent/types';
import { isCancelled, messageOf, asError } from '../../../shared/errors';
import { itemReader } from '../../../shared/expressions';
import { fieldOfItems } from '../../../shared/fieldPath';
import type { BulkOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readChoice, readFlag, readOptionalText } from '../../../shared/read';
import { errorItem } from '../../../shared/run';
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
import { readDryRun } from '../../delivery/settings';

const ADDRESS_FIELD = 'addressField';
/** Addresses that a summary names the reasons of. */
const EXCEPTIONS_SHOWN = 100;
const PARALLEL = 2;

const addressField: INodeProperties = {
	displayName: 'Address Field',
	name: ADDRESS_FIELD,
	type: 'string',
	default: 'email',
	required: true,
	requiresDataPath: 'single',
	placeholder: 'e.g. email',
	description:
		'Name of the input field that holds the email address or phone number: type the name, or drag the field here from the input. An expression gives the address itself, for each item.',
};

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
			description: 'Each input item with the result for its address',
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
		addressField,
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
	const { groups, undeliverable } = groupBySettings(context, new Set([ADDRESS_FIELD]));
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

/** What an item says: an address, or why it says none. */
type Row = { readonly key: string } | { readonly reason: Reason };

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
		overruleOptOuts: readFlag(functions, 'options.overruleOptOuts', first, false),
		unitScoping: (await book.features()).unitScoping,
	};
	const addresses = new Map<string, readonly string[]>();
	const rows = readRows(context, itemIndices, channel, addresses);
	const isDryRun = readDryRun(functions, first);
	// An opt-out that is out of sight would be overruled by the newer opt-in.
	const outOfSight = order.value === 'optedIn' ? await recordsOutOfSight(client) : undefined;
	const recorded = await record(client, order, addresses, { parallel: PARALLEL, dryRun: isDryRun });
	sayWhatWasRecorded(context, order, recorded, isDryRun);
	if (outOfSight !== undefined && recorded.figures.recorded > 0) context.hint(outOfSight, 'warning');
	return readChoice(functions, 'report', first, ['summary', 'oneItemPerRow']) === 'oneItemPerRow'
		? rows.map((row, index) => rowItem(context, recorded, row, { index, item: itemIndices[index] ?? 0 }))
		: [summaryItem({ order, recorded, rows, itemIndices, isDryRun })];
}

/** @param addresses takes the addresses, each once */
function readRows(
	{ functions, items }: OperationContext,
	itemIndices: readonly number[],
	channel: Channel,
	addresses: Map<string, readonly string[]>,
): readonly Row[] {
	const reader = itemReader(functions, ADDRESS_FIELD);
	const name = reader.isExpression ? '' : String(reader.valueOf(0) ?? '');
	if (!reader.isExpression && name.trim() === '') {
		throw invalidInput('Address Field is empty.', 'Name the input field that holds it, for example email.');
	}
	const field = reader.isExpression ? undefined : fieldOfItems(items, name);
	const valueOf = (item: number) =>
		reader.isExpression ? reader.valueOf(item) : field?.valueIn(items[item]?.json);
	const rows = itemIndices.map((item): Row => {
		const value = valueOf(item);
		if (value === undefined || value === null || value === '') return { reason: NO_VALUE };
		if (typeof value !== 'string' && typeof value !== 'number') return { reason: NOT_A_TEXT };
		const point = readContactPoint(channel, String(value));
		if ('reason' in point) return point;
		noteContactPoint(addresses, point);
		return { key: point.key };
	});
	if (addresses.size === 0 && rows.length > 0) throw noAddress(rows);
	return rows;
}

function noAddress(rows: readonly Row[]) {
	const [row] = rows;
	const why = row !== undefined && 'reason' in row ? `${row.reason.reason} ${row.reason.remedy}` : '';
	return invalidInput(
		rows.length === 1
			? 'The only item does not hold an address in Address Field.'
			: `None of the ${rows.length} items holds an address in Address Field.`,
		`Check the field name and the channel. Of the first item: ${why}`,
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
			`The compliance profile "${purpose.profile.name}" has a consent provider: it decides, and records of consent do not count.`,
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
		json: { ...items[item]?.json, consent: { outcome, row: index + 1, ...reason } },
		pairedItem: { item },
	};
}

function outcomeOf(row: Row, recorded: Recorded): { readonly outcome: string; readonly reason?: Reason } {
	return 'reason' in row ? { outcome: 'invalid', reason: row.reason } : recorded.outcomeOf(row.key);
}
