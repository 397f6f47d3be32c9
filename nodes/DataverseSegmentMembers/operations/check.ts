import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { displayValue } from '../../../core/accounting/rowValue';
import { readPeople } from '../../../core/people/readPeople';
import type { BulkOperation, OperationContext, OperationDescription } from '../../shared/operation';
import { giveUpAfter, optionsCollection, subCollection } from '../../shared/parameters';
import { segmentLocator } from '../../shared/segmentLocator';
import type { Delivery } from '../delivery/groupDeliveries';
import { readingEach } from '../delivery/readingEach';
import { checkConsent, consentChannel, consentProperties, prepareCheck } from '../consent/consentOfPeople';
import { readIdentify } from '../input/identify';
import { matchingOptions, needsLookUp, readMatching } from '../input/matching';
import { reasonFor } from '../delivery/outputs';
import { peopleProperties, peopleSource } from '../input/peopleFrom';
import { isFromEnvironment } from '../input/peopleSource';
import type { KnownMembers, SystemMembers } from './systemMembers';

/** Which of these people are members; nothing is written. */
export function check(system: SystemMembers, texts: Omit<OperationDescription, 'properties'>): BulkOperation {
	return {
		...texts,
		properties: [
			segmentLocator,
			...peopleProperties(system.hasSources),
			...(system.hasConsent ? consentProperties('check') : []),
			optionsCollection([
				matchingOptions(true, system.hasConsent ? [consentChannel] : []),
				subCollection('Reading', 'How to read the members', [giveUpAfter, ...system.readOptions]),
			]),
		],
		runAll: async (context) =>
			await readingEach(context, async (delivery) => await checkOne(context, system, delivery)),
	};
}

/** The members are read once, in as few calls as there are pages, whatever the number of people asked about. */
async function checkOne(
	context: OperationContext,
	system: SystemMembers,
	{ segment, itemIndices }: Delivery,
): Promise<INodeExecutionData[]> {
	const { functions, client, items } = context;
	const first = itemIndices[0] ?? 0;
	const isOfTable = needsLookUp(functions, first) || isFromEnvironment(functions, first);
	const table = isOfTable ? system.personTableOf(segment) : 'contact';
	const source = peopleSource(context, itemIndices, {
		segment,
		table,
		mayBeSource: true,
		mustBeWhole: false,
	});
	if (source.wrongName !== undefined) throw source.wrongName;
	const asked = await prepareCheck(context, table, first);
	const roster = await readPeople(source.rows, readIdentify(functions, first), {
		...readMatching(functions, first),
		table,
		...(asked === undefined ? {} : { reader: asked.facts.reader }),
		client,
		expectedRows: source.expectedRows,
	});
	const consent = asked && (await checkConsent(context, roster, asked, first));
	const members = await system.members(context, segment, first);
	if (members.caveat !== undefined) context.hint(members.caveat, 'warning');
	return Array.from({ length: roster.rows }, (_, row) => {
		const { status, id, value, reason, more } = roster.rowAt(row);
		const all = id === undefined ? [] : [id, ...(more ?? []).map((other) => other.id)];
		const given = source.valueOfRow?.(row) ?? value;
		const item = source.itemOfRow(row);
		const membership: IDataObject = {
			member: all.length === 0 ? null : areMembers(all, members),
			row: row + 1,
			id: id ?? null,
			value: given === undefined || given === null ? null : displayValue(given),
			segmentName: segment.name,
			segmentId: segment.id,
			...(consent === undefined || id === undefined ? {} : { consent: consent.codes.get(id) ?? null }),
			...(all.length < 2
				? {}
				: { people: all.map((one) => ({ id: one, member: members.has(one) ?? null })) }),
			...(status === 'duplicate' ? { duplicate: true } : {}),
			...(reason === undefined ? {} : reasonFor(reason, source)),
		};
		return { json: { ...items[item]?.json, membership }, pairedItem: { item } };
	});
}

/** A row that means several people is a member when all of them are; null where that cannot be told. */
function areMembers(ids: readonly string[], members: KnownMembers): boolean | null {
	const known = ids.map((id) => members.has(id));
	if (known.includes(false)) return false;
	return known.includes(undefined) ? null : true;
}
