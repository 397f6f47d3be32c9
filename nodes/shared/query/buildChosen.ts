/** Build mode: what was chosen in the editor, as the form from which core builds a query. */

import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { buildQuery, segmentReference } from '../../../core/query';
import type {
	ConditionGroup,
	Dialect,
	FormCondition,
	FormScalar,
	Operator,
	Query,
	QueryForm,
	SegmentOperation,
} from '../../../core/query';
import { nearestName } from '../../../core/query/nearest';
import type { QueryMetadata, QueryRelationship, QueryTable } from '../../../core/environment/queryMetadata';
import { readText } from '../read';
import { QUERY } from './builderParameters';
import { columnNameOf, hasChoices } from './chosenColumn';
import { asList, asScalar, choiceNumber } from './values';
import { isJsonObject } from '../../../core/dataverse/http/json';

type Functions = Pick<IExecuteFunctions, 'getNodeParameter'>;
type Entry = Readonly<Record<string, unknown>>;

interface ChosenCondition {
	readonly column: string;
	readonly operator: Operator;
	readonly value: unknown;
}

interface ChosenGroup {
	readonly combinedBy: 'and' | 'or';
	readonly conditions: readonly ChosenCondition[];
	/** Name in either form; undefined: the conditions are about the person. */
	readonly relationship?: string;
	readonly optional: boolean;
}

interface ChosenForm {
	readonly dialect: Dialect;
	readonly profile: string;
	readonly groups: readonly ChosenGroup[];
	readonly groupsCombinedBy: 'and' | 'or';
	readonly segments: readonly SegmentOperation[];
}

const LIST_OPERATORS: readonly Operator[] = ['isOneOf', 'isNotOneOf'];
const EMPTY_OPERATORS: readonly Operator[] = ['isEmpty', 'isNotEmpty'];

/**
 * The query that the builder describes. What can be refused without knowing the environment (an operator that the
 * dialect lacks, a name that is none, an empty group) is refused before any request.
 *
 * @throws DataverseError `invalidInput`, QueryBuildError
 */
export async function buildChosen(
	functions: Functions,
	itemIndex: number,
	dialect: Dialect,
	metadata: QueryMetadata,
): Promise<Query> {
	const chosen = readChosen(functions, itemIndex, dialect);
	buildQuery(outline(chosen));
	const groups: ConditionGroup[] = [];
	for (const group of chosen.groups) groups.push(await resolveGroup(group, chosen, metadata));
	return buildQuery({ ...chosen, groups });
}

/** Where a segment is made, its audience says who the people are. */
function readProfile(functions: Functions, itemIndex: number): string {
	const audience = readText(functions, QUERY.audience, itemIndex, 'contact');
	return readText(functions, QUERY.profile, itemIndex, audience);
}

function readChosen(functions: Functions, itemIndex: number, dialect: Dialect): ChosenForm {
	const groups: unknown = functions.getNodeParameter(QUERY.groups, itemIndex, {});
	const segments: unknown = functions.getNodeParameter(QUERY.segments, itemIndex, {});
	const own = entries(groups, 'own').map((entry) => ({ ...readGroup(entry), relationship: undefined }));
	const related = entries(groups, 'related').map(readGroup);
	const combine = readText(functions, QUERY.combineGroups, itemIndex);
	const form: ChosenForm = {
		dialect,
		profile: dialect === 'realTime' ? readProfile(functions, itemIndex) : 'contact',
		groups: [...own, ...related],
		groupsCombinedBy: combine === 'or' ? 'or' : 'and',
		segments: entries(segments, 'segment').map((entry) => readSegmentOperation(entry, dialect)),
	};
	if (form.groups.length + form.segments.length > 0) return form;
	throw invalidInput(
		'The query has no groups and no segments, so it would select everybody.',
		`Add a group or a segment. For everybody, switch Query Mode to Text and write PROFILE(${form.profile}).`,
	);
}

function readGroup(entry: Entry): ChosenGroup {
	return {
		combinedBy: entry.combine === 'or' ? 'or' : 'and',
		relationship: nameOf(entry.relationship),
		optional: entry.optional === true,
		conditions: entries(entry.conditions, 'condition').map(readCondition),
	};
}

/** A column whose values are chosen has one field for one of them and another for several. */
function readCondition({ choice, choices, column: chosen, operator: given, value }: Entry): ChosenCondition {
	const stored = nameOf(chosen);
	// Any other text is refused by name when the query is built.
	const operator = String(given ?? 'equals') as Operator;
	const ofList = LIST_OPERATORS.includes(operator) ? choices : choice;
	return { column: columnNameOf(stored), operator, value: hasChoices(stored) ? ofList : value };
}

function readSegmentOperation({ setOperation, segment }: Entry, dialect: Dialect): SegmentOperation {
	const id = isJsonObject(segment) ? segment.value : segment;
	if (typeof id !== 'string' || id.trim() === '') {
		throw invalidInput(
			'A segment of the query is not chosen.',
			'Choose it from the list, or remove the entry.',
		);
	}
	const operation = setOperation === 'union' || setOperation === 'except' ? setOperation : 'intersect';
	return { operation, segmentName: segmentReference(dialect, id) };
}

/** The form with made-up values: all of it that can be judged without the environment. */
function outline(chosen: ChosenForm): QueryForm {
	return {
		...chosen,
		groups: chosen.groups.map((group) => ({
			combinedBy: group.combinedBy,
			...(group.relationship === undefined
				? {}
				: {
						related: {
							relationship: group.relationship,
							table: 'related',
							optional: group.optional,
						},
					}),
			conditions: group.conditions.map(({ column, operator }): FormCondition => ({
				column,
				operator,
				columnType: 'other',
				value: LIST_OPERATORS.includes(operator) ? [''] : '',
			})),
		})),
	};
}

async function resolveGroup(
	group: ChosenGroup,
	{ dialect, profile }: ChosenForm,
	metadata: QueryMetadata,
): Promise<ConditionGroup> {
	const person = await tableForValues(profile, metadata);
	const { relationship: name, combinedBy, optional } = group;
	if (name === undefined) {
		return { combinedBy, conditions: await resolveConditions(group.conditions, person, metadata) };
	}
	const relationship = await relationshipOf(name, person, metadata);
	const table = await tableForValues(relationship.otherTable, metadata);
	return {
		combinedBy,
		related: {
			relationship: nameInQuery(relationship, dialect),
			table: table.logicalName,
			...(dialect === 'realTime' ? { optional } : {}),
		},
		conditions: await resolveConditions(group.conditions, table, metadata),
	};
}

/** Outbound queries name a relationship as their store did, real-time queries as Dataverse does. */
export function nameInQuery({ schemaName, storeName }: QueryRelationship, dialect: Dialect): string {
	return dialect === 'outbound' ? (storeName ?? schemaName) : schemaName;
}

async function tableForValues(name: string, metadata: QueryMetadata): Promise<QueryTable> {
	const table = await metadata.table(name);
	if (table !== undefined && table !== 'unknown') return table;
	throw invalidInput(
		`The columns of the table "${name}" could not be read, and they decide how values are written.`,
		'Use a credential that may read table definitions, or switch Query Mode to Text.',
	);
}

async function relationshipOf(
	name: string,
	from: QueryTable,
	metadata: QueryMetadata,
): Promise<QueryRelationship> {
	await metadata.relate(from);
	const wanted = name.toLowerCase();
	const all = [...from.relationships.values()];
	const found = all.find(
		({ schemaName, storeName }) => schemaName.toLowerCase() === wanted || storeName?.toLowerCase() === wanted,
	);
	if (found !== undefined) return found;
	const names = all.flatMap(({ schemaName, storeName }) => [schemaName, storeName ?? schemaName]);
	throw unknownName('relationship', name, from, names);
}

async function resolveConditions(
	conditions: readonly ChosenCondition[],
	table: QueryTable,
	metadata: QueryMetadata,
): Promise<readonly FormCondition[]> {
	const resolved: FormCondition[] = [];
	for (const condition of conditions) resolved.push(await resolveCondition(condition, table, metadata));
	return resolved;
}

async function resolveCondition(
	{ column: name, operator, value }: ChosenCondition,
	table: QueryTable,
	metadata: QueryMetadata,
): Promise<FormCondition> {
	const column = table.columns.get(name.toLowerCase());
	if (column === undefined) throw unknownName('column', name, table, table.columns.keys());
	const condition = { column: column.logicalName, columnType: column.type, operator };
	if (EMPTY_OPERATORS.includes(operator)) return condition;
	const choices = column.type === 'choice' ? await metadata.choices(table, column) : undefined;
	const write = (one: FormScalar): FormScalar =>
		column.type === 'choice' ? choiceNumber(one, column.logicalName, choices) : one;
	if (LIST_OPERATORS.includes(operator)) {
		return { ...condition, value: asList(value, column.logicalName).map(write) };
	}
	return { ...condition, value: write(asScalar(value, column.logicalName)) };
}

function unknownName(what: string, name: string, table: QueryTable, names: Iterable<string>) {
	const nearest = nearestName(name, names);
	return invalidInput(
		`The table "${table.logicalName}" has no ${what} "${name.slice(0, 60)}".`,
		nearest === undefined ? `Choose a ${what} from the list.` : `Did you mean "${nearest}"?`,
	);
}

/** The entries under a key of a fixedCollection. */
function entries(collection: unknown, key: string): readonly Entry[] {
	const list = isJsonObject(collection) && Object.hasOwn(collection, key) ? collection[key] : undefined;
	return Array.isArray(list) ? list.filter(isJsonObject) : isJsonObject(list) ? [list] : [];
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
