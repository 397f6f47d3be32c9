import type { Finding } from '../../../../core/query';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { findProblems, queryOf, readQuery } from '../../../shared/query';
import type { NodeQuery } from '../../../shared/query';
import { readText } from '../../../shared/read';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';
import { localFinding, NOTHING_TO_CHECK, shownFor, whatToValidate } from '../shared/validation';
import { wrongAudience } from './audience';
import { nameField } from '../shared/fields';
import { audienceField, queryFields, readAudience, readType, typeField } from './fields';

export const validate: ItemOperation = {
	value: 'validate',
	name: 'Validate',
	action: 'Validate segment',
	description:
		'Check the query here, against the tables and columns of the environment, without saving anything',
	properties: [
		whatToValidate,
		shownFor(segmentLocator, 'segment'),
		shownFor({ ...nameField, required: undefined, default: 'Validation' }, 'definition'),
		shownFor({ ...typeField, default: 'dynamic' }, 'definition'),
		shownFor(audienceField, 'definition'),
		...queryFields.map((property) => shownFor(property, 'definition')),
		optionsCollection([giveUpAfter]),
	],
	async runItem(context, itemIndex) {
		const { audience, name, needsQuery, query } = await readDefinition(context, itemIndex);
		const { findings, complete } =
			query === undefined ? missing(needsQuery) : await check(context, query, audience);
		return [
			{
				json: {
					name,
					valid: !findings.some(({ severity }) => severity === 'error'),
					environmentChecked: complete,
					// The service has no validation for these segments: it looks at a query when it is published.
					serviceChecked: false,
					findings: findings.map(localFinding),
					query: query?.text ?? null,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};

interface Definition {
	readonly name: string;
	readonly audience: string;
	readonly needsQuery: boolean;
	readonly query?: NodeQuery;
}

async function readDefinition(context: OperationContext, itemIndex: number): Promise<Definition> {
	const { functions, realTime } = context;
	if (readText(functions, 'validateWhat', itemIndex) === 'definition') {
		const needsQuery = readType(functions, itemIndex) !== 'static';
		return {
			name: readText(functions, 'name', itemIndex, 'Validation'),
			audience: readAudience(functions, itemIndex),
			needsQuery,
			query: needsQuery ? await readQuery(context, itemIndex, 'realTime') : undefined,
		};
	}
	const segment = await realTime.get(await readSegmentId(context, itemIndex));
	const { audience, name, query } = segment;
	return {
		name,
		audience,
		needsQuery: realTime.groups(segment).length === 0,
		query: query === undefined ? undefined : queryOf(query, 'realTime', 'stored'),
	};
}

async function check(
	context: OperationContext,
	query: NodeQuery,
	audience: string,
): ReturnType<typeof findProblems> {
	const finding = wrongAudience(query, audience);
	const { findings, complete } = await findProblems(context, query);
	return { findings: finding === undefined ? findings : [finding, ...findings], complete };
}

function missing(needsQuery: boolean): { readonly findings: readonly Finding[]; readonly complete: boolean } {
	if (!needsQuery) return NOTHING_TO_CHECK;
	const message = 'There is neither a query nor a group, so nobody would be in the segment.';
	const remedy = 'Fill in Query, or add a group.';
	const place = { offset: 0, line: 1, column: 1 };
	return { findings: [{ severity: 'error', code: 'empty', message, remedy, ...place }], complete: true };
}
