import type { SegmentModule } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { normaliseId } from '../ids';
import { outboundAssumptions } from './assumptions';
import { outboundDeclarations } from './declarations';
import { fetchContactsByQuery } from './fetchContacts';
import { storeMembers } from './members';
import { segmentMembersUpdate } from './membersUpdate';
import { unlessRemoved } from './removed';
import { settle } from './settle';
import { membersOf, segmentRow } from './state';
import { templateTable } from './table';
import { validateSegment } from './validateSegment';
import { applyVariant, defaultTable } from './variants';

/** The outbound system: `msdyncrm_segment` and its three actions. What it remembers belongs to the store it is used with. */
export const outboundModule: SegmentModule = {
	tables: [defaultTable(), templateTable],
	actions: {
		msdyncrm_SegmentMembersUpdate: unlessRemoved('msdyncrm_SegmentMembersUpdate', segmentMembersUpdate),
		msdyncrm_FetchContactsByQuery: unlessRemoved('msdyncrm_FetchContactsByQuery', fetchContactsByQuery),
		msdyncrm_ValidateSegment: unlessRemoved('msdyncrm_ValidateSegment', validateSegment),
	},
	assumptions: outboundAssumptions,
	declarations: outboundDeclarations,
	settle(context) {
		applyVariant(context);
		settle(context);
	},
	members(id, context) {
		const row = segmentRow(id, context);
		return row && [...(membersOf(row, context.store) ?? [])];
	},
	setMembers(id, ids, context) {
		const row = segmentRow(id, context);
		if (row === undefined) throw refusedByPlugin(`There is no outbound segment ${id}.`);
		storeMembers(row, new Set(ids.map((member) => normaliseId(member) ?? member)), context);
	},
};
