/** The people of a delivery, read into a roster. */

import type { DeliveryChange } from '../../../core/accounting/report';
import { invalidInput } from '../../../core/dataverse/errors/errors';
import { readPeople } from '../../../core/people/readPeople';
import type { Identify, PersonReader } from '../../../core/people/readPeople';
import type { Roster } from '../../../core/accounting/roster';
import { mayHoldValue } from '../../../core/accounting/rowReasons';
import type { Segment } from '../../../core/segments/types';
import { addressesOf, type ConsentCheck } from '../../../core/people/consent/checkPeople';
import { noteContactPoint } from '../../../core/people/consent/contactPoint';
import type { OperationContext } from '../../shared/operation';
import {
	addressFacts,
	checkConsent,
	planOptIns,
	planOptOuts,
	prepareCheck,
} from '../consent/consentOfPeople';
import { readChannel } from '../consent/purposeFields';
import { noticing, readRecordOptOuts, type PlannedRecording } from '../consent/recordInDelivery';
import type { NewPeople } from '../../../core/people/create/newPeople';
import { readIdentify } from '../input/identify';
import { needsLookUp, readMatching } from '../input/matching';
import { readNewPeople } from '../input/newPeople';
import { peopleSource } from '../input/peopleFrom';
import { isFromEnvironment } from '../input/peopleSource';
import type { PeopleSource } from '../input/peopleSource';
import type { SystemMembers } from '../operations/systemMembers';
import { readWhatToReturn } from './whatToReturn';

/** The rows as they came, and whom they mean. */
export interface ReadRows {
	readonly roster: Roster;
	readonly source: PeopleSource;
	/** What is on record for the people, where that was asked for. */
	readonly consent?: ConsentCheck;
	/** Consent that is recorded before anything is sent, where that was asked for. */
	readonly recording?: PlannedRecording;
	/** Who is to be created and changed, where that is wanted. */
	readonly newPeople?: NewPeople;
}

/** @param segment absent: bare IDs, which are the same whatever the segment is */
export async function readRows(
	context: OperationContext,
	itemIndices: readonly number[],
	change: DeliveryChange,
	system: SystemMembers,
	segment?: Segment,
): Promise<ReadRows> {
	const { functions, client } = context;
	const first = itemIndices[0] ?? 0;
	const isOfTable = needsLookUp(functions, first) || isFromEnvironment(functions, first);
	const table = segment && isOfTable ? system.personTableOf(segment) : 'contact';
	const target = segment && {
		segment,
		table,
		mayBeSource: change !== 'sync',
		mustBeWhole: change === 'sync',
	};
	const source = peopleSource(context, itemIndices, target);
	// A sync decides for itself what an empty input means, and One Item per Row says of each row what is wrong with it.
	const isPerRow = readWhatToReturn(functions, first).report === 'oneItemPerRow';
	const isForgiving = change === 'sync' || isPerRow;
	if (source.wrongName !== undefined && !(isPerRow && change !== 'sync')) throw source.wrongName;
	const consent = await prepareCheck(context, table, first);
	const identify = readIdentify(functions, first);
	const optOuts = readRecordOptOuts(functions, first) ? new Map<string, readonly string[]>() : undefined;
	const facts = consent?.facts ?? (optOuts && (await addressFacts(context, table, first)));
	const channel = optOuts === undefined ? 'email' : readChannel(functions, first);
	const namesAddresses = identify.by === 'email' && channel === 'email';
	const rows = optOuts && namesAddresses ? noticing(source.rows, channel, optOuts) : source.rows;
	const newPeople = await readNewPeople(context, itemIndices, source, table);
	const reader = bothReaders(facts?.reader, newPeople?.reader);
	const roster = await readPeople(rows, identify, {
		...readMatching(functions, first),
		client,
		expectedRows: source.expectedRows,
		table,
		...(newPeople === undefined ? {} : { newPeople }),
		...(reader === undefined ? {} : { reader }),
		// People who are removed need no room in it.
		...(change === 'remove' ? {} : { mostPeople: system.mostPeople }),
	});
	if (!isForgiving && roster.rows > 0 && roster.countRows().invalid === roster.rows) {
		throw nobodyNamed(roster, source, identify);
	}
	if (optOuts !== undefined && facts !== undefined) {
		// A row may name a person by ID among addresses.
		const { addresses, keys } = addressesOf(channel, roster.people, facts);
		for (const [key, spellings] of addresses) noteContactPoint(optOuts, { key, spellings });
		return { roster, source, recording: await planOptOuts(context, optOuts, keys, first) };
	}
	const known = { roster, source, newPeople };
	if (consent === undefined) return known;
	// Nobody could be read who does not exist yet, and what they will have is known.
	for (const body of newPeople?.created() ?? []) consent.facts.see(body);
	const recording = await planOptIns(context, roster, consent, first);
	const check = await checkConsent(context, roster, consent, first, recording);
	return { ...known, consent: check, ...(recording === undefined ? {} : { recording }) };
}

/** Two who want to know more of everybody, as one. */
function bothReaders(
	one: PersonReader | undefined,
	other: PersonReader | undefined,
): PersonReader | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	return {
		columns: [...new Set([...one.columns, ...other.columns])],
		onPerson: (person, row, inputRow) => {
			one.onPerson(person, row, inputRow);
			other.onPerson(person, row, inputRow);
		},
	};
}

/** What a value has to be, by what Identify By says. */
const VALUES: Readonly<Record<Identify['by'], readonly [what: string, example: string]>> = {
	column: ['a value', 'a value of the column'],
	email: ['an email address', 'an address with an @'],
	id: ['an ID', 'the GUID of a person, such as 1405f4ba-1ee9-e811-a99d-000d3a35f12f'],
};

function nobodyNamed(roster: Roster, { field }: PeopleSource, { by }: Identify) {
	const { rows } = roster;
	for (let row = 0; row < rows; row += 1) {
		const { reason } = roster.rowAt(row);
		if (reason === undefined || !mayHoldValue(reason)) continue;
		const none = rows === 1 ? 'The only row does not match' : `None of the ${rows} rows matches`;
		return invalidInput(`${none} a person. Row ${row + 1}: ${reason.reason}`, reason.remedy);
	}
	const [what, example] = VALUES[by];
	return invalidInput(
		rows === 1
			? `The only row does not contain ${what} in "${field}".`
			: `None of the ${rows} rows contains ${what} in "${field}".`,
		`Check the field name and that it contains ${example}, or set Identify By to what it contains.`,
	);
}
