/**
 * The name of the outbound table. Real-time code reads it only to say that an ID belongs to an outbound segment; it knows
 * nothing else about that system.
 */

export const OUTBOUND_SET = 'msdyncrm_segments';
export const OUTBOUND_TABLE = 'msdyncrm_segment';
export const OUTBOUND_KEY = 'msdyncrm_segmentid';
