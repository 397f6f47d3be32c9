/** Types of what the Dataverse client takes and returns. */

import type { Clock, Transport } from './http/ports';

/** A row as the Web API prints it: column logical names, `_x_value` for lookups, annotations as sibling keys. */
export type EntityRow = Readonly<Record<string, unknown>>;

export interface DataverseClientOptions {
	/** Origin of the environment, e.g. `https://contoso.crm4.dynamics.com`. */
	readonly environmentUrl: string;
	readonly transport: Transport;
	readonly clock: Clock;
	/** Aborts waiting and sending; the resulting error has kind `cancelled` and is never retried. */
	readonly signal?: AbortSignal;
	/** Milliseconds of waiting (for throttling, outages and polling) allowed in all; default 60 minutes. */
	readonly giveUpAfterMs?: number;
	/** Milliseconds for one request; default 120,000. */
	readonly timeoutMs?: number;
	/** Called for every retry and wait, for debug logs. Carries no bodies, addresses or tokens. */
	readonly onWait?: (event: WaitEvent) => void;
	/** Source of jitter in [0, 1); default Math.random. */
	readonly random?: () => number;
}

export interface WaitEvent {
	readonly reason: string;
	readonly waitMs: number;
	readonly attempt: number;
	/** Path only, without the query. */
	readonly path: string;
}

export interface ReadOptions {
	/** Column logical names (lookups as `_x_value`). */
	readonly select?: readonly string[];
	/** `*`, or a comma list of annotation names for `Prefer: odata.include-annotations`. */
	readonly annotations?: string;
}

export interface ListQuery extends ReadOptions {
	/** The rows behind a collection-valued property of this row; the property stands for the set. */
	readonly of?: { readonly set: string; readonly id: string };
	/** OData text made with the builders of `odata.ts`. */
	readonly filter?: string;
	/** e.g. `createdon desc`; made with `orderBy()` of `odata.ts`. */
	readonly orderBy?: string;
	/** 1 to 5000 rows per page; default 5000. */
	readonly pageSize?: number;
	/** Ask for `@odata.count` (capped at 5000 by the service). */
	readonly count?: boolean;
	/** Navigation properties whose rows are included, each with its columns. */
	readonly expand?: readonly { readonly property: string; readonly select?: readonly string[] }[];
	/** Continue from a link that an earlier page returned. It is checked against the host rule and followed byte for byte. */
	readonly nextLink?: string;
}

export interface Page {
	readonly rows: readonly EntityRow[];
	readonly nextLink?: string;
	readonly count?: number;
}

/** One request inside `$batch`. */
export interface BatchOperation {
	readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
	/** Path below `/api/data/v9.2/`, percent-encoded. `$1` addresses the row made by content id 1 of the same change set. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Object to serialize, for POST and PATCH. */
	readonly body?: EntityRow;
}

export interface BatchPart {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	readonly contentId?: string;
}
