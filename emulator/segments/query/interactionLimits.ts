import { QueryRefusal, type Condition, type Having, type Interaction, type Value } from './ast';

/**
 * What the outbound documents forbid of INTERACTION ("Segment query definition", the notes on HAVING and FILTER).
 *
 * @throws QueryRefusal naming the first thing that is forbidden
 */
export function refuseForbiddenInteraction({ condition, having }: Interaction): void {
	if (having !== undefined) refuseForbiddenCount(having);
	const found = condition === undefined ? undefined : forbiddenInCondition(condition);
	if (found !== undefined) {
		throw new QueryRefusal('unknown', `${found} is not allowed in the FILTER of an INTERACTION.`);
	}
}

function refuseForbiddenCount({ aggregate, operator, value }: Having): void {
	if (aggregate !== 'count') return;
	const isCount = Number.isInteger(value) && value >= 0;
	const isForbidden =
		!isCount || (operator === '==' && value === 0) || ((operator === '>=' || operator === '!=') && value > 0);
	if (isForbidden) throw new QueryRefusal('unknown', `HAVING(COUNT() ${operator} ${value}) is not allowed.`);
}

function forbiddenInCondition(condition: Condition): string | undefined {
	switch (condition.kind) {
		case 'logic':
			return firstOf(
				[condition.first, ...condition.rest.map(({ operand }) => operand)],
				forbiddenInCondition,
			);
		case 'not':
			return forbiddenInCondition(condition.operand);
		case 'compare':
			return firstOf([condition.left, condition.right], forbiddenInValue);
		case 'text':
			return condition.operator.toUpperCase();
		case 'in':
		case 'isNull':
			return undefined;
	}
}

function forbiddenInValue(value: Value): string | undefined {
	switch (value.kind) {
		case 'date':
			return 'DATE';
		case 'dateAdd':
			return 'DATEADD';
		case 'dateDiff':
			return 'DATEDIFF';
		case 'now':
			return 'DATETIMEUTCNOW';
		case 'arithmetic':
			return firstOf([value.first, ...value.rest.map(({ operand }) => operand)], forbiddenInValue);
		case 'boolean':
		case 'call':
		case 'field':
		case 'number':
		case 'string':
			return undefined;
	}
}

function firstOf<T>(parts: readonly T[], find: (part: T) => string | undefined): string | undefined {
	for (const part of parts) {
		const found = find(part);
		if (found !== undefined) return found;
	}
	return undefined;
}
