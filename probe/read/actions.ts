/** Questions about the real-time actions and tables that their declarations answer. */

import { valueOr, type ActionFacts, type Fact } from '../../core/environment';
import { answer, unsettled, type Answer, type Asking } from '../asking';

const MEMBERS = 'msdynmkt_MembersList';
const STOP = 'msdynmkt_StopSegments';
const STATUS = 'msdynmkt_SegmentStatus';
const SEGMENT = 'msdynmkt_segment';
const DEFINITION = 'msdynmkt_segmentdefinition';

/** Names of paging inputs as the emulator can have them. */
const PAGE_NAMES: Readonly<Record<string, readonly string[]>> = {
	pageNo: ['PageNo', 'PageSize'],
	pageNumber: ['PageNumber', 'RecordsPerPage'],
	page: ['page', 'count'],
};

export async function realTimeInstalled({ environment }: Asking): Promise<Answer> {
	const tables = await environment.tables([SEGMENT, DEFINITION]);
	if (!tables.known) return unsettled(tables.why);
	const absent = [SEGMENT, DEFINITION].filter((name) => !tables.value.has(name));
	if (absent.length === 0) return answer('yes', 'both tables of a segment are there');
	return answer('no', `not there: ${absent.join(', ')}`);
}

export async function customApisReadable(asking: Asking): Promise<Answer> {
	const { status } = await asking.raw({ path: 'customapis?$select=uniquename&$top=1' });
	if (status === 200) return answer('yes', 'customapis answered');
	return answer(String(status), `customapis has status ${status}`);
}

export async function customApiExpand(asking: Asking): Promise<Answer> {
	const path = 'customapis?$select=uniquename&$top=1&$expand=CustomAPIRequestParameters($select=uniquename)';
	const { status } = await asking.raw({ path });
	if (status === 403) return unsettled('customapis may not be read');
	if (status === 200) return answer('works', 'customapis with $expand answered');
	return answer(String(status), `customapis with $expand has status ${status}`);
}

export async function segmentActionsPrivate({ environment }: Asking): Promise<Answer> {
	const actions = await environment.actions();
	if (!actions.known) return unsettled(actions.why);
	const action = actions.value.actions.get(MEMBERS);
	if (action !== undefined) {
		return answer(action.isPrivate ? 'yes' : 'no', `${MEMBERS} is ${action.isPrivate ? '' : 'not '}private`);
	}
	if (actions.value.isComplete) return unsettled(`${MEMBERS} is not there`);
	const tables = await environment.tables([SEGMENT, DEFINITION]);
	if (!tables.known || !tables.value.has(SEGMENT)) return unsettled(`${MEMBERS} is not in $metadata`);
	return answer('yes', `${MEMBERS} is not in $metadata, although its tables are there`);
}

export async function realTimeStaticColumns({ environment }: Asking): Promise<Answer> {
	const columns = await definitionColumns(environment.columns(DEFINITION));
	if (!columns.known) return unsettled(columns.why);
	const hasGroups = columns.value.has('msdynmkt_staticlistmembers');
	const hasLists = columns.value.has('msdynmkt_includedmembers');
	const evidence = `msdynmkt_staticlistmembers: ${yesNo(hasGroups)}, msdynmkt_includedmembers: ${yesNo(hasLists)}`;
	if (!hasGroups && !hasLists) return answer('neither', evidence);
	return answer(hasGroups ? (hasLists ? 'both' : 'groups') : 'memberLists', evidence);
}

export async function realTimeSourceCreated({ environment }: Asking): Promise<Answer> {
	const columns = await definitionColumns(environment.columns(DEFINITION));
	if (!columns.known) return unsettled(columns.why);
	const has = columns.value.has('msdynmkt_sourcesegmentcreatedon');
	return answer(
		has ? 'definitionToo' : 'segmentOnly',
		`the definition has msdynmkt_sourcesegmentcreatedon: ${yesNo(has)}`,
	);
}

async function definitionColumns(
	asked: Promise<Fact<ReadonlySet<string> | undefined>>,
): Promise<Fact<ReadonlySet<string>>> {
	const columns = await asked;
	if (!columns.known) return columns;
	return columns.value === undefined
		? { known: false, why: `${DEFINITION} is not there` }
		: { known: true, value: columns.value };
}

export async function realTimeQueryLength({ environment }: Asking): Promise<Answer> {
	const length = await environment.memoLength(DEFINITION, 'msdynmkt_segmentquery');
	if (!length.known) return unsettled(length.why);
	if (length.value === undefined) return unsettled(`${DEFINITION}.msdynmkt_segmentquery is not there`);
	return answer(String(length.value), `MaxLength ${length.value}`);
}

export async function realTimeExpiredStatus({ environment }: Asking): Promise<Answer> {
	const options = await environment.statusOptions(SEGMENT);
	if (!options.known) return unsettled(options.why);
	if (options.value === undefined) return unsettled(`${SEGMENT} is not there`);
	const code = valueOr(await environment.statusNamed(SEGMENT, 'Expired'), undefined);
	if (code !== undefined) return answer(String(code), `the status labelled Expired has the code ${code}`);
	return answer('2', 'no status is labelled Expired in English, so expired ones can only be Inactive');
}

export async function realTimeStopReply({ environment }: Asking): Promise<Answer> {
	const action = await environment.action(STOP);
	if (!action.known) return unsettled(action.why);
	if (action.value === undefined) return unsettled(`${STOP} is not there`);
	const names = action.value.outputs.map(({ name, type }) => `${name}: ${type}`).join(', ');
	const isWrapped = action.value.outputs.some(
		({ name, type }) => /^(resulttext|response|result)$/i.test(name) && type === 'string',
	);
	const isPlain = action.value.outputs.some(({ name }) => /^stopsinglesegmentresults$/i.test(name));
	if (isWrapped === isPlain) return answer('other', `outputs: ${names}`);
	return answer(isPlain ? 'plain' : 'wrapped', `outputs: ${names}`);
}

export async function realTimeSegmentStatus({ environment }: Asking): Promise<Answer> {
	const action = await environment.action(STATUS);
	if (!action.known) return unsettled(action.why);
	if (action.value === undefined) return answer('404', `${STATUS} is not among the custom APIs`);
	return answer('answers', `${STATUS} is declared`);
}

/** The optional inputs of the list of members that are whole numbers. */
export async function declaredPageInputs({ environment }: Asking): Promise<Fact<readonly string[]>> {
	const action: Fact<ActionFacts | undefined> = await environment.action(MEMBERS);
	if (!action.known) return action;
	if (action.value === undefined) return { known: false, why: `${MEMBERS} is not there` };
	const inputs = action.value.inputs.filter(({ isOptional, type }) => isOptional && type === 'integer');
	return { known: true, value: inputs.map(({ name }) => name) };
}

export async function realTimeMembersPageNames(asking: Asking): Promise<Answer> {
	const inputs = await declaredPageInputs(asking);
	if (!inputs.known) return unsettled(inputs.why);
	if (inputs.value.length === 0) return unsettled(`${MEMBERS} declares no inputs that are whole numbers`);
	const known = Object.entries(PAGE_NAMES).find(([, names]) => names.join() === inputs.value.join());
	return answer(known?.[0] ?? inputs.value.join('+'), `optional inputs: ${inputs.value.join(', ')}`);
}

const yesNo = (value: boolean) => (value ? 'yes' : 'no');
