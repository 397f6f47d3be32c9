import { ServiceFault, type ActionHandler, type Row, type ServiceContext } from '../../contracts';
import { refusedByPlugin, refuseUndeclared, requirePrivilege } from '../faults';
import { QueryRefusal } from '../query/ast';
import { startComputation } from './computation';
import { declarationOf } from './declarations';
import { groupsOf } from './groups';
import { segmentStatus } from './options';
import { requireSegment } from './parameters';
import { prepareRealTime } from './queries';
import { audienceOf, queryOf, segmentId, type SegmentRows } from './state';

/**
 * `msdynmkt_PublishSegmentDefinition`: checks the definition and begins to compute the segment; 204. Publishing a segment
 * that is being computed changes nothing more.
 */
export const publishSegmentDefinition: ActionHandler = (parameters, context) => {
	refuseUndeclared(declarationOf('msdynmkt_PublishSegmentDefinition', context), parameters);
	requirePrivilege('prvCreatemsdynmkt_segment', context);
	requirePrivilege('prvWritemsdynmkt_segment', context);
	const rows = requireSegment(parameters, context);
	refuseStatus(rows.segment);
	const problem = definitionProblem(rows, context);
	if (problem !== undefined) throw publishRefusal(problem, context);
	startComputation(rows, context);
	return { kind: 'none' };
};

function refuseStatus(segment: Readonly<Row>): void {
	if (segment.statuscode !== segmentStatus.stopping && segment.statuscode !== segmentStatus.deleted) return;
	throw refusedByPlugin(
		`The segment ${segmentId(segment)} cannot be published in status code ${String(segment.statuscode)}.`,
	);
}

interface Problem {
	readonly code: 'InvalidGroups' | 'InvalidQuery' | 'ParseError';
	readonly message: string;
	/** Line and column from 1, offset from 0. */
	readonly position: { readonly line: number; readonly column: number; readonly offset: number };
}

const START = { line: 1, column: 1, offset: 0 };

function definitionProblem(
	{ definition, segment }: SegmentRows,
	context: ServiceContext,
): Problem | undefined {
	try {
		groupsOf(definition);
		const query = definition.msdynmkt_segmentquery;
		if (typeof query === 'string' && queryOf(definition) !== '') {
			prepareRealTime(query, audienceOf(segment), context);
		}
		return undefined;
	} catch (error) {
		if (error instanceof QueryRefusal) {
			const { message, position = START, reason } = error;
			return { code: reason === 'syntax' ? 'ParseError' : 'InvalidQuery', message, position };
		}
		if (error instanceof ServiceFault) {
			return { code: 'InvalidGroups', message: error.message, position: START };
		}
		throw error;
	}
}

/** Seen was a 400 whose `ResultText` is JSON that names the parse error and its position; its keys were never published. */
function publishRefusal(problem: Problem, context: ServiceContext): ServiceFault {
	const { code, message, position } = problem;
	const { column, line, offset } = position;
	const lineColumn = JSON.stringify({ errors: [{ code, message, line, column }] });
	switch (context.assumption('realTimePublishRefusal')) {
		case 'offset':
			return resultText(JSON.stringify({ Error: { Code: code, Message: message, Position: offset } }));
		case 'messageOnly':
			return resultText(JSON.stringify({ message }));
		case 'errorBody':
			return refusedByPlugin(lineColumn);
		default:
			return resultText(lineColumn);
	}
}

function resultText(text: string): ServiceFault {
	return new ServiceFault(400, '', text, {
		rawBody: JSON.stringify({ StatusCode: 400, ResultText: text }),
		contentType: 'application/json; odata.metadata=minimal',
	});
}
