import { ServiceFault, type ServiceContext } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { normaliseId } from '../ids';
import { SEGMENT_KEY, SEGMENT_TABLE } from './options';
import { isRemoved } from './removed';
import { membersOf, segmentRow } from './state';

/** A link-entity of a FetchXML over contacts, with the conditions inside it. */
export interface FetchLink {
	readonly name: string;
	readonly from: string;
	readonly to: string;
	readonly conditions: readonly FetchLinkCondition[];
}

interface FetchLinkCondition {
	readonly attribute: string;
	readonly operator: string;
	/** What the operator compares with; one for `eq`. */
	readonly values: readonly string[];
}

/** Joins contacts to segments without being a column of either table. */
const MEMBER_COLUMN = 'msdyncrm_segmentmemberid';

/**
 * The deprecated way to read members: contacts linked to `msdyncrm_segment` by `msdyncrm_segmentmemberid`.
 *
 * @returns ids of the contacts that the link leaves over; undefined when it is an ordinary link
 * @throws ServiceFault 400 for conditions other than one on the segment's id
 */
export function fetchLinks(link: FetchLink, context: ServiceContext): ReadonlySet<string> | undefined {
	if (link.name !== SEGMENT_TABLE || link.to !== MEMBER_COLUMN) return undefined;
	if (link.from !== SEGMENT_KEY)
		throw refusedByPlugin(`A link by ${MEMBER_COLUMN} starts at ${SEGMENT_KEY}.`);
	if (isRemoved(context)) return withoutBackend(context);
	const ids = new Set<string>();
	for (const segment of linkedSegments(link)) {
		const row = segmentRow(segment, context);
		for (const id of (row && membersOf(row, context.store)) ?? []) ids.add(id);
	}
	return ids;
}

function linkedSegments({ conditions }: FetchLink): readonly string[] {
	const [condition, ...others] = conditions;
	if (
		condition?.attribute !== SEGMENT_KEY ||
		(condition.operator !== 'eq' && condition.operator !== 'in') ||
		others.length > 0
	) {
		throw refusedByPlugin(`A link by ${MEMBER_COLUMN} takes one condition: ${SEGMENT_KEY} eq or in.`);
	}
	return condition.values.map((value) => {
		const id = normaliseId(value);
		if (id === undefined) throw refusedByPlugin(`The condition on ${SEGMENT_KEY} needs the id of a segment.`);
		return id;
	});
}

/** The member table went with the service: nothing is left to join, or an empty table where success is feigned. */
function withoutBackend(context: ServiceContext): ReadonlySet<string> {
	if (context.assumption('outboundRemoved') === 'emptySuccess') return new Set();
	throw new ServiceFault(
		400,
		'0x80041103',
		`'contact' entity doesn't contain attribute with Name = '${MEMBER_COLUMN}'.`,
	);
}
