/** Compare: who is in a segment but not among the people in the input, and the other way round. Nothing is written. */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { countMembers, describeRows } from '../../../../core/accounting/report';
import type { Roster } from '../../../../core/accounting/roster';
import { compareMembers, exceptionsOf, requireComparable } from '../../../../core/delivery/compare';
import type { Comparison } from '../../../../core/delivery/compare';
import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { anybodyExists } from '../../../../core/people/anybodyExists';
import { readPeople } from '../../../../core/people/readPeople';
import type { RealTimeSegment, WholeMembers } from '../../../../core/segments/realTime';
import type { BulkOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection, subCollection } from '../../../shared/parameters';
import { readChoice } from '../../../shared/read';
import { segmentLocator } from '../../../shared/segmentLocator';
import type { Delivery } from '../../delivery/groupDeliveries';
import { pairedItems, reasonFor } from '../../delivery/outputs';
import { readingEach } from '../../delivery/readingEach';
import { readIdentify } from '../../input/identify';
import { matchingOfComparison, needsLookUp, readMatching } from '../../input/matching';
import { peopleProperties, peopleSource } from '../../input/peopleFrom';
import { isFromEnvironment } from '../../input/peopleSource';
import type { PeopleSource } from '../../input/peopleSource';
import { columns, safeForSpreadsheets } from '../memberColumns';
import { differenceItems, differencesFile } from './differences';
import type { Compared } from './differences';
import { group, readGroup } from './group';
import { realTimeMembersSystem } from './system';

const REPORTS = ['summary', 'oneItemPerDifference', 'csv'] as const;

const notice: INodeProperties = {
	displayName:
		'Entered: in the segment, not among the people below. Left: among them, not in the segment. Nothing is changed.',
	name: 'compareNotice',
	type: 'notice',
	default: '',
};

const report: INodeProperties = {
	displayName: 'Report',
	name: 'report',
	type: 'options',
	noDataExpression: true,
	default: 'summary',
	options: [
		{
			name: 'CSV File',
			value: 'csv',
			description: 'The summary, with a CSV file of the differences in the binary field data',
		},
		{
			name: 'One Item per Difference',
			value: 'oneItemPerDifference',
			description: 'One item for each person who entered or left; no item when nobody did',
		},
		{
			name: 'Summary',
			value: 'summary',
			description: 'One item per segment with how many people are in both, entered and left',
		},
	],
	description: 'What comes out',
};

/** A summary names nobody. */
const output: INodeProperties = {
	...subCollection('Output', 'What is included with the differences', [
		columns,
		{ ...safeForSpreadsheets, displayOptions: { show: { '/report': ['csv'] } } },
	]),
	displayOptions: { show: { '/report': ['oneItemPerDifference', 'csv'] } },
};

export const compare: BulkOperation = {
	value: 'compare',
	name: 'Compare',
	action: 'Compare members of segment',
	description: 'Find out who entered and who left a segment since an earlier snapshot, or against any list',
	properties: [
		notice,
		segmentLocator,
		...peopleProperties(realTimeMembersSystem.hasSources),
		report,
		optionsCollection([
			matchingOfComparison,
			subCollection('Reading', 'How to read the members', [giveUpAfter, group]),
			output,
		]),
	],
	runAll: async (context) =>
		await readingEach(context, async (delivery) => await compareOne(context, delivery)),
};

/** A segment that cannot be compared is refused before people are looked up; groups are read after that, page by page. */
async function compareOne(context: OperationContext, delivery: Delivery): Promise<INodeExecutionData[]> {
	const { functions, client, realTime } = context;
	const { itemIndices } = delivery;
	const first = itemIndices[0] ?? 0;
	// The resource decides which system reads the segment.
	const segment = delivery.segment as RealTimeSegment;
	const form = readChoice(functions, 'report', first, REPORTS);
	const isOfEnvironment = isFromEnvironment(functions, first);
	const isLookedUp = needsLookUp(functions, first);
	const table = isLookedUp || isOfEnvironment ? realTimeMembersSystem.personTableOf(segment) : 'contact';
	const source = peopleSource(context, itemIndices, {
		segment,
		table,
		mayBeSource: true,
		mustBeWhole: true,
	});
	if (source.wrongName !== undefined) throw source.wrongName;
	const identify = readIdentify(functions, first);
	const members = await realTime.wholeMembers(segment, readGroup(functions, first));
	const roster = await readPeople(source.rows, identify, {
		...readMatching(functions, first),
		includeInactive: 'whereNobodyElseFits',
		client,
		expectedRows: source.expectedRows,
		table,
	});
	if (!(await isNothing(source, roster))) requireComparable(roster, segment.name);
	const comparison = await compareMembers(roster, members.pages);
	if (!isLookedUp && !isOfEnvironment) await requireSomebody(context, segment, roster, comparison);
	if (members.caveat !== undefined) context.hint(members.caveat, 'warning');
	const compared: Compared = { segment, delivery, source, roster, comparison };
	sayDifference(context, compared);
	if (form === 'oneItemPerDifference') return await differenceItems(context, compared);
	const item: INodeExecutionData = {
		json: summaryOf(compared, members),
		pairedItem: pairedItems(itemIndices),
	};
	if (form === 'csv') item.binary = { data: await differencesFile(context, compared) };
	return [item];
}

/** n8n creates one item without fields where there is no data: it stands for an earlier list with nobody on it. */
async function isNothing({ fields, isOfItems }: PeopleSource, { rows }: Roster): Promise<boolean> {
	if (rows !== 1 || isOfItems !== true) return false;
	const names = (await fields?.())?.names ?? [];
	return [...names].length === 0;
}

/** IDs of leads beside a segment of contacts would all seem to have left, and all members to have entered. */
async function requireSomebody(
	{ client }: OperationContext,
	{ audience, name }: RealTimeSegment,
	roster: Roster,
	{ left, members, same }: Comparison,
): Promise<void> {
	if (same > 0 || members === 0 || left.length === 0) return;
	if (audience !== 'contact' && audience !== 'lead') return;
	if (
		await anybodyExists(
			client,
			audience,
			left.map((person) => roster.idOf(person)),
		)
	)
		return;
	throw invalidInput(
		`${left.length === 1 ? 'The only ID does not belong' : `None of the ${left.length} IDs belongs`} to a ${audience} that exists, but segment "${name}" contains ${audience}s: nothing was compared.`,
		`Use the IDs of ${audience}s. If all of these people were deleted, use an empty file: it counts as a list with nobody on it.`,
	);
}

function sayDifference(context: OperationContext, { segment, roster, comparison }: Compared): void {
	const { changedPercent, entered, heldByAmbiguousRows, left, same } = comparison;
	const counts = countMembers(roster);
	const held =
		heldByAmbiguousRows === 0 ? '' : `, ${heldByAmbiguousRows} not compared because of ambiguous rows`;
	context.hint(
		`${segment.name}: ${same} the same, ${entered.length} entered, ${left.length} left (${changedPercent} %)${held}, compared with ${counts.people} ${counts.people === 1 ? 'person' : 'people'} ${describeRows(counts)}.`,
		counts.rows > counts.matched + counts.duplicates ? 'warning' : 'info',
	);
}

/** The figures first, what only programs need last. */
function summaryOf(
	{ segment, roster, comparison, source }: Compared,
	{ caveat, group: chosen }: WholeMembers,
): IDataObject {
	const { ambiguous, duplicates, invalid, matched, people, rows, undecided, unmatched } =
		countMembers(roster);
	const { changedPercent, entered, heldByAmbiguousRows, left, members, same } = comparison;
	const { exceptions, exceptionsTotal } = exceptionsOf(roster);
	return {
		segmentName: segment.name,
		group: chosen?.name ?? null,
		same,
		entered: entered.length,
		left: left.length,
		changedPercent,
		members,
		heldByAmbiguousRows,
		people,
		...{ rows, duplicates, invalid, unmatched, ambiguous, undecided, matched },
		// A flow does not see hints.
		...(caveat === undefined ? {} : { caveat }),
		exceptionsTotal,
		exceptions: exceptions.map((exception) => ({ ...reasonFor(exception, source) })),
		segmentId: segment.id,
		segmentUrl: segment.url,
	};
}
