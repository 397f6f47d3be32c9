/** The tables whose people a segment can contain ("Segment API"). */
export type PersonTable = 'contact' | 'lead';
