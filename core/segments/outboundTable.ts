/**
 * What the outbound table is called. Real-time looks there once, to say that an ID belongs to an outbound segment; it knows
 * nothing else of that system.
 */

export const OUTBOUND_SET = 'msdyncrm_segments';
export const OUTBOUND_TABLE = 'msdyncrm_segment';
export const OUTBOUND_KEY = 'msdyncrm_segmentid';
