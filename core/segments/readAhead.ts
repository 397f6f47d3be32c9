/** Requesting the next page while the last one is being processed. */

/**
 * The same values in the same order, one step ahead: while the caller works on a value, the next is under way. Nothing is
 * asked for beyond the one after the value that was taken last. Of a list that is read to a limit nobody reads more than is
 * needed, so that one stays as it is.
 */
export async function* readAhead<T>(
	source: AsyncGenerator<T>,
	{ limit }: { readonly limit?: number } = {},
): AsyncGenerator<T> {
	if (limit !== undefined) {
		yield* source;
		return;
	}
	let next = source.next();
	try {
		for (;;) {
			const step = await next;
			if (step.done === true) return;
			next = source.next();
			// If the caller stops here, nobody awaits this promise.
			next.catch(() => undefined);
			yield step.value;
		}
	} finally {
		// Not waited for: a request that is under way would be waited for as well.
		source.return(undefined).catch(() => undefined);
	}
}
