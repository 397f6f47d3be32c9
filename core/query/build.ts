import type { Block, FilterStep, ProfileBlock, Query, RelateStep, SetStep } from './ast';
import { buildGroupCondition, combineConditions, requireName } from './buildCondition';
import { QueryBuildError } from './errors';
import type { ConditionGroup, QueryForm, RelatedTable } from './form';

type RelatedGroup = ConditionGroup & { readonly related: RelatedTable };

/**
 * The query that a form describes. Values are converted to what the column's type needs, and names are checked, so nothing in
 * the form can break out of its place.
 *
 * - Groups about the profile itself share one FILTER.
 * - Real-time: each related group combined by "and" becomes a RELATE with a FILTER behind it, so all its conditions hold
 *   for the same related row; combined by "or" it becomes a set of its own in a UNION.
 * - Outbound: each related group is a set that begins at the related table and traverses to the profile.
 * - Without groups, the first segment stands for itself, unless it is taken away from everybody ("except").
 *
 * @throws QueryBuildError naming what cannot be written and what to do
 */
export function buildQuery(form: QueryForm): Query {
	requireName(form.profile, 'table');
	if (form.dialect === 'outbound' && form.profile.toLowerCase() !== 'contact') {
		throw new QueryBuildError('An outbound segment contains contacts.', 'Choose contact as the profile.');
	}
	const sets = buildGroups(form);
	const segments = (form.segments ?? []).map(({ operation, segmentName }): SetStep => {
		requireName(segmentName, 'segment');
		return { operator: operation, operand: { kind: 'segment', name: segmentName, filters: [] } };
	});
	const everybody: ProfileBlock = { kind: 'profile', table: form.profile, steps: [] };
	const [firstSegment, ...otherSegments] = segments;
	if (sets.length > 0) return queryOf(form, sets, segments);
	if (firstSegment === undefined || firstSegment.operator === 'except')
		return queryOf(form, [everybody], segments);
	return queryOf(form, [{ kind: 'segment', name: segmentNameOf(form), filters: [] }], otherSegments);
}

function segmentNameOf(form: QueryForm): string {
	return form.segments?.[0]?.segmentName ?? '';
}

function queryOf(form: QueryForm, sets: readonly Block[], segments: readonly SetStep[]): Query {
	const [first, ...others] = sets;
	if (first === undefined)
		throw new QueryBuildError('The form describes nothing.', 'Add a group or a segment.');
	const operator = form.groupsCombinedBy === 'and' ? 'intersect' : 'union';
	const rest = [...others.map((operand): SetStep => ({ operator, operand })), ...segments];
	const body = rest.length === 0 ? first : ({ kind: 'setChain', first, rest } as const);
	return { kind: 'query', dialect: form.dialect, body };
}

function buildGroups(form: QueryForm): readonly Block[] {
	const own = form.groups.filter((group) => group.related === undefined);
	const related = form.groups.filter((group): group is RelatedGroup => group.related !== undefined);
	const steps = own.length === 0 ? [] : [ownFilter(form, own)];
	const aliases = new AliasMaker();
	if (form.dialect === 'outbound') {
		const blocks = related.map((group) => traversingBlock(form, group, aliases));
		return steps.length === 0 ? blocks : [profileBlock(form, steps), ...blocks];
	}
	const joins = related.map((group) => relatingSteps(form, group, aliases));
	if (form.groupsCombinedBy === 'and') {
		return form.groups.length === 0 ? [] : [profileBlock(form, [...steps, ...joins.flat()])];
	}
	const blocks = joins.map((join) => profileBlock(form, join));
	return steps.length === 0 ? blocks : [profileBlock(form, steps), ...blocks];
}

function ownFilter(form: QueryForm, groups: readonly ConditionGroup[]): FilterStep {
	const conditions = groups.map((group) => buildGroupCondition(group, form.dialect));
	return { kind: 'filter', condition: combineConditions(form.groupsCombinedBy, conditions) };
}

function profileBlock(form: QueryForm, steps: ProfileBlock['steps']): ProfileBlock {
	return { kind: 'profile', table: form.profile, steps };
}

function relatingSteps(
	form: QueryForm,
	group: RelatedGroup,
	aliases: AliasMaker,
): readonly (RelateStep | FilterStep)[] {
	const { relationship, optional } = group.related;
	const alias = aliases.make(group.related);
	return [
		{
			kind: 'relate',
			optional: optional === true,
			relationship: requireName(relationship, 'relationship'),
			alias,
		},
		{ kind: 'filter', condition: buildGroupCondition(group, form.dialect, alias) },
	];
}

function traversingBlock(form: QueryForm, group: RelatedGroup, aliases: AliasMaker): ProfileBlock {
	const { relationship, table, optional } = group.related;
	if (optional === true) {
		const remedy = 'Make the relation required: outbound queries only hold people who have it.';
		throw new QueryBuildError('Outbound queries have no RELATEOPTIONAL.', remedy);
	}
	const alias = aliases.make(group.related);
	return {
		kind: 'profile',
		table: requireName(table, 'table'),
		alias,
		steps: [
			{ kind: 'filter', condition: buildGroupCondition(group, form.dialect, alias) },
			{ kind: 'traverse', relationship: requireName(relationship, 'relationship') },
		],
	};
}

/** Aliases as the service's own editor makes them: `account_1`, `account_2`. */
class AliasMaker {
	private readonly used = new Set<string>();

	make({ alias, table }: RelatedTable): string {
		const isMissing = alias === undefined || alias === '';
		const chosen = isMissing ? this.free(requireName(table, 'table')) : requireName(alias, 'alias');
		if (this.used.has(chosen.toLowerCase())) {
			throw new QueryBuildError(
				`The alias "${chosen}" is used twice.`,
				'Give each related table an alias of its own.',
			);
		}
		this.used.add(chosen.toLowerCase());
		return chosen;
	}

	private free(table: string): string {
		let count = 1;
		while (this.used.has(`${table}_${count}`.toLowerCase())) count++;
		return `${table}_${count}`;
	}
}
