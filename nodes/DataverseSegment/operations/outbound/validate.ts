import type { Finding } from '../../../../core/query';
import type { OutboundType } from '../../../../core/segments/outbound/optionSets';
import type { ServiceFinding } from '../../../../core/segments/outbound/validate';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { findProblems, queryOf, readQuery } from '../../../shared/query';
import type { NodeQuery } from '../../../shared/query';
import { readText } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { localFinding, NOTHING_TO_CHECK, shownFor, whatToValidate } from '../shared/validation';
import { nameField } from '../shared/fields';
import { queryFields, typeField } from './fields';

export const validate: ItemOperation = {
	value: 'validate',
	name: 'Validate',
	action: 'Validate segment',
	description: 'Check a definition here and with the service, without saving anything',
	properties: [
		whatToValidate,
		shownFor(segmentLocator, 'segment'),
		shownFor({ ...nameField, required: undefined, default: 'Validation' }, 'definition'),
		shownFor({ ...typeField, default: 'dynamic' }, 'definition'),
		...queryFields.map((property) => shownFor(property, 'definition')),
		optionsCollection([giveUpAfter]),
	],
	async runItem(context, itemIndex) {
		const { name, type, query } = await readDefinition(context, itemIndex);
		const local = query === undefined ? NOTHING_TO_CHECK : await findProblems(context, query);
		const service = isTooLong(local.findings)
			? []
			: await context.outbound.validate({ name, type, query: query?.text });
		const findings = [...local.findings.map(localFinding), ...service.map(serviceFinding)];
		return [
			{
				json: {
					name,
					valid: !findings.some(({ severity }) => severity === 'error'),
					environmentChecked: local.complete,
					findings,
					query: query?.text ?? null,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};

interface Definition {
	readonly name: string;
	readonly type: OutboundType;
	readonly query?: NodeQuery;
}

async function readDefinition(context: OperationContext, itemIndex: number): Promise<Definition> {
	const { functions } = context;
	if (readText(functions, 'validateWhat', itemIndex) === 'definition') {
		const type = asType(readText(functions, 'type', itemIndex));
		return {
			name: readText(functions, 'name', itemIndex, 'Validation'),
			type,
			query: type === 'static' ? undefined : await readQuery(context, itemIndex, 'outbound'),
		};
	}
	const { name, type, query } = await readSegment(context, itemIndex);
	return {
		name,
		type: asType(type),
		query: query === undefined ? undefined : queryOf(query, 'outbound', 'stored'),
	};
}

const asType = (text: string): OutboundType => (text === 'static' || text === 'compound' ? text : 'dynamic');

/** The column does not take such a query, so the service has nothing to say about it. */
const isTooLong = (findings: readonly Finding[]): boolean => findings.some(({ code }) => code === 'tooLong');

/** The service names no place in the query. */
function serviceFinding(finding: ServiceFinding) {
	return { source: 'service', severity: 'error', ...finding };
}
