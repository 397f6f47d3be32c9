import type { ActionHandler } from '../../contracts';
import { refuseUndeclared } from '../faults';
import { ACTIONS, declarationOf } from './declarations';
import { validationError } from './lifecycle';
import { status } from './options';
import { definitionProblem, refusingQueries } from './queries';

/**
 * `msdyncrm_ValidateSegment`: always 200, with a JSON array in the text `ValidationResult`. A query that may be right and
 * that this emulator cannot judge is refused by name with 400: neither "valid" nor "invalid" would be true.
 */
export const validateSegment: ActionHandler = (parameters, context) => {
	refuseUndeclared(
		declarationOf(ACTIONS.validate, (id) => context.assumption(id)),
		parameters,
	);
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
