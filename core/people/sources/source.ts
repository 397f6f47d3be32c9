/** A source of people in the environment: a segment, a marketing list, a view. It provides pages of IDs and nothing else. */

/**
 * The ids of everybody there (lower-case GUIDs), page by page. A page may be empty; a person who comes twice is counted by
 * the roster. All of them come, or the reading throws: a part is never taken for the whole.
 */
export type IdPages = AsyncIterable<readonly string[]>;

/** Tells the user a sentence. */
type Say = (sentence: string, level: 'info' | 'warning') => void;

/** What a source needs of its surroundings beside its own client. */
export interface SourceHooks {
	/** Told when a source changed while it was read, so that who came or went meanwhile may be missing. */
	readonly say: Say;
}
