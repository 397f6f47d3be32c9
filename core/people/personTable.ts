/** The tables of people that a segment can be of ("Segment API"). */
export type PersonTable = 'contact' | 'lead';
