/** What a fault can be; README.md says of each what the client sees. */

/** How a message repeats what was asked: as it is, percent-encoded, as `\u0040`, or in full-width letters. */
export type EchoSpelling = 'encoded' | 'escaped' | 'fullWidth' | 'plain';

/** Effects that replace the answer or change it. They can hit single operations of a `$batch` too. */
export type AnswerEffect =
	| {
			readonly kind: 'answer';
			/** Default 200. */
			readonly status?: number;
			/** The body, as JSON. Without `json`, `text` and `html` there is none. */
			readonly json?: unknown;
			/** The body as it is, of the type text/plain. */
			readonly text?: string;
			/** An HTML page. */
			readonly html?: boolean;
			readonly headers?: Readonly<Record<string, string>>;
			readonly afterActing?: boolean;
	  }
	| { readonly kind: 'noNextLink' }
	/** The row that is read is this one, whichever was asked for; what was written is said to be this one. */
	| { readonly kind: 'otherRow'; readonly id: string }
	/** `keep`: rows or ids that are left on the page, half of them unless it is said. */
	| { readonly kind: 'shortPage'; readonly keep?: number }
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly code?: string;
			readonly message?: string;
			readonly retryAfter?: number;
			readonly html?: boolean;
			readonly body?: string;
			readonly headers?: Readonly<Record<string, string>>;
			/** The message, or the body, ends with address and body of the request. */
			readonly echo?: EchoSpelling;
			readonly afterActing?: boolean;
	  }
	/** A refusal of the login server by its AADSTS number. */
	| {
			readonly kind: 'signInError';
			readonly code: number;
			readonly retryAfter?: number;
			readonly afterActing?: boolean;
	  }
	/** 200 whose `StatusCode` says otherwise. */
	| {
			readonly kind: 'statusCode';
			readonly value: number;
			readonly resultText?: string;
			readonly afterActing?: boolean;
	  }
	/** `row`: only this row of a list, from 1; all of them unless it is said. */
	| { readonly kind: 'withoutId'; readonly row?: number };

/** `reset…`/`timeout…`: before or after the service acted. `cutBody` sends half of the body under the full length. */
type ConnectionEffect =
	| { readonly kind: 'badHeader'; readonly header?: string }
	| { readonly kind: 'cutBody' }
	/** `bytes` (1) of the body every `everyMs` real milliseconds; of the head where there is no body. */
	| { readonly kind: 'drip'; readonly everyMs: number; readonly bytes?: number }
	| { readonly kind: 'expiredToken' }
	| { readonly kind: 'resetAfter' }
	| { readonly kind: 'resetBefore' }
	| { readonly kind: 'timeoutAfter' }
	| { readonly kind: 'timeoutBefore' }
	| { readonly kind: 'wrongContentType' };

export type FaultEffect = AnswerEffect | ConnectionEffect | { readonly kind: 'slow'; readonly ms: number };

export interface Fault {
	/** Only requests whose method and path (with query, decoded) match. `path` is a regular expression. */
	readonly match?: {
		readonly method?: string;
		readonly path?: string;
		readonly body?: string;
		/** Single operations of a `$batch` instead of whole requests. */
		readonly part?: boolean;
	};
	/** Let this many matching requests pass first; default 0. */
	readonly skip?: number;
	/** Hit this many requests, then vanish; default 1; 0 = for ever. */
	readonly times?: number;
	readonly effect: FaultEffect;
}
