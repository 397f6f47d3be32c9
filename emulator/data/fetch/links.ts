import type { ServiceContext } from '../../contracts';

/** A condition of a link-entity as it was written. */
export interface FetchCondition {
	readonly attribute: string;
	readonly operator: string;
	readonly values: readonly string[];
}

interface VirtualLink {
	readonly name: string;
	readonly from: string;
	readonly to: string;
	/** All conditions of the link's filters, flat. */
	readonly conditions: readonly FetchCondition[];
}

/**
 * Lower-case ids of the rows of the outer table that the link admits; undefined when the link is an ordinary one
 * between tables.
 */
export type VirtualLinks = (link: VirtualLink, context: ServiceContext) => ReadonlySet<string> | undefined;
