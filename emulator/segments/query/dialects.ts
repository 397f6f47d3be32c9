/** What one dialect of the query language has and the other may lack. */
export interface Dialect {
	/** `PROFILE(contact, contact_1)`. */
	readonly profileAlias: boolean;
	/** An alias can be two names joined by a dot. */
	readonly dottedAlias: boolean;
	readonly traverse: boolean;
	/** RELATE and RELATEOPTIONAL. */
	readonly relate: boolean;
	/** `column IN [1, 2]`. */
	readonly lists: boolean;
	/** UTCMINUTES, UTCHOURS and UTCWEEKS beside UTCDAYS, UTCMONTHS and UTCYEARS. */
	readonly fineWindows: boolean;
	/** INTERACTION can stand without HAVING. */
	readonly optionalHaving: boolean;
	/** Functions that no source names are read, so as to be refused by name. */
	readonly calls: boolean;
}

/** After the rule table of "Segment query definition" (last revision 2025-07-16). */
export const outboundDialect: Dialect = {
	profileAlias: true,
	dottedAlias: false,
	traverse: true,
	relate: false,
	lists: false,
	fineWindows: false,
	optionalHaving: false,
	calls: false,
};

/** After queries in use: no grammar is published for real-time journeys. */
export const realTimeDialect: Dialect = {
	profileAlias: false,
	dottedAlias: true,
	traverse: false,
	relate: true,
	lists: true,
	fineWindows: true,
	optionalHaving: true,
	calls: true,
};
