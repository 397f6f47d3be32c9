import type { ActionHandler } from '../../contracts';
import { refuseUnknownParameters } from '../faults';
import { validationError } from './lifecycle';
import { SEGMENT_TABLE, status } from './options';
import { definitionProblem, refusingQueries } from './queries';

/**
 * `msdyncrm_ValidateSegment`: always 200, with a JSON array in the text `ValidationResult`. A query that may be right and
 * that this emulator cannot judge is refused by name with 400: neither "valid" nor "invalid" would be true.
 */
export const validateSegment: ActionHandler = (parameters, context) => {
	const columns = context.store.table(SEGMENT_TABLE).definition.columns.map(({ name }) => name);
	refuseUnknownParameters('msdyncrm_ValidateSegment', parameters, columns);
	const query = parameters.msdyncrm_segmentquery ?? parameters.msdyncrm_query;
	const skipped =
		context.assumption('outboundValidateDrafts') === 'skipped' &&
		(parameters.statuscode ?? status.draft) === status.draft;
	const problem = skipped
		? undefined
		: refusingQueries(() => definitionProblem({ ...parameters, msdyncrm_segmentquery: query }, context));
	const errors = problem === undefined ? [] : [validationError];
	return { kind: 'outputs', outputs: { ValidationResult: JSON.stringify(errors) } };
};
