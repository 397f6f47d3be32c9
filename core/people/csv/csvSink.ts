/** What receives the fields and records of a CSV text. */

export interface CsvSink {
	/** Whether the text of this field (from 0) of the current record is wanted. */
	wants(index: number): boolean;
	/** The text of a field that is wanted, without its quotes. */
	field(index: number, text: string): void;
	/** The current record is over; it had this many fields. Lines without a single character are no records. */
	record(fields: number, whole: WholeRecord): void;
}

/** The whole current record, for the few that have to be checked. */
export interface WholeRecord {
	/** All its fields, read once more. */
	fieldsOfRecord(): readonly string[];
}
