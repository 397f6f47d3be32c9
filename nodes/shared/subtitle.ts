/**
 * What stands under a node on the canvas. Of a locator, `$parameter` gives the value alone, mostly an ID; the name that the
 * editor keeps with a choice from the list stands in the parameters as they are stored, which `toJSON` gives (the proxy of
 * `nodeParameterGetter` in n8n-workflow). A name that is typed stands in the value; IDs, addresses and expressions are left
 * out, and so is what the list shows behind a name: type, audience and status.
 */
const SEGMENT =
	'((segment) => segment?.cachedResultName?.replace(/ \\([a-z]+(, [a-z ]+)*\\)$/, "") || (segment?.mode === "name" && !String(segment.value).startsWith("=") ? segment.value : ""))($parameter.toJSON?.().segment)';

/** The operation in words: `goLive` as "go live". */
const OPERATION =
	'$parameter["operation"].replace("upsert", "createOrUpdate").replace(/[A-Z]/g, " $&").toLowerCase()';

/**
 * An expression of n8n: the operation in words, then what it is about.
 * @param otherwise an expression for nodes without a segment that has a name here
 */
export function subtitleOf(otherwise: string): string {
	return `={{ ${OPERATION} + ((about) => about ? ": " + about : "")(${SEGMENT} || ${otherwise}) + ($parameter["resource"] === "outboundSegment" ? " (retired)" : "") }}`;
}
