import { ServiceFault, type Row, type ServiceContext } from '../../contracts';
import { badPayload, missingRow, refusedByPlugin, textParameter } from '../faults';
import { normaliseId } from '../ids';
import { DEFINITION_TABLE, SEGMENT_TABLE } from './options';
import { definitionOf, segmentOf, type SegmentRows } from './state';

/**
 * The segment that `SegmentId` names, under the switch `realTimeSegmentId`.
 *
 * @throws ServiceFault 400 when it is no id or half of the segment is missing, 404 when there is no such row
 */
export function requireSegment(parameters: Row, context: ServiceContext): SegmentRows {
	const id = requireId(parameters, 'SegmentId');
	return findSegment(id, context);
}

/** @throws ServiceFault as `requireSegment` */
export function findSegment(id: string, context: ServiceContext): SegmentRows {
	const which = context.assumption('realTimeSegmentId');
	const segment = which === 'definition' ? undefined : context.store.table(SEGMENT_TABLE).get(id);
	if (segment !== undefined) {
		const definition = definitionOf(segment, context);
		if (definition === undefined) throw refusedByPlugin(`The segment ${id} has no segment definition.`);
		return { segment, definition };
	}
	if (which === 'segment') throw missingRow(SEGMENT_TABLE, id);
	const definition = context.store.table(DEFINITION_TABLE).get(id);
	if (definition === undefined) throw missingRow(DEFINITION_TABLE, id);
	const owner = segmentOf(id, context);
	if (owner === undefined) throw refusedByPlugin(`The segment definition ${id} belongs to no segment.`);
	return { segment: owner, definition };
}

/** @throws ServiceFault 400 unless the parameter is a GUID */
export function requireId(parameters: Row, name: string): string {
	const text = textParameter(parameters, name);
	const id = text === undefined ? undefined : normaliseId(text);
	if (id === undefined) throw refusedByPlugin(`${name} must be a GUID.`);
	return id;
}

/** An array of GUIDs. @throws ServiceFault 400 naming the first element that is none */
export function requireIds(parameters: Row, name: string): readonly string[] {
	const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
	if (!Array.isArray(value)) {
		throw badPayload(`Cannot convert the parameter '${name}' to the expected type 'Collection(Edm.String)'.`);
	}
	return (value as readonly unknown[]).map((element, at) => {
		const id = typeof element === 'string' ? normaliseId(element) : undefined;
		if (id === undefined) throw refusedByPlugin(`Element ${at} of ${name} is not a GUID.`);
		return id;
	});
}

/**
 * For a page that holds nothing. The first page of an empty list is never past its end; what the others answer is not
 * documented (switch `realTimePastEnd`).
 *
 * @throws ServiceFault 400 or 404, as the switch says
 */
export function refusePastEnd(page: number, context: ServiceContext): void {
	const reading = context.assumption('realTimePastEnd');
	if (page === 1 || reading === 'empty') return;
	const message = `There is no page ${page}.`;
	throw reading === '404' ? new ServiceFault(404, '0x80040217', message) : refusedByPlugin(message);
}
