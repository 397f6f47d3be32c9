/** Running several asynchronous jobs at the same time, within a limit. */

export interface Finished<Result> {
	/** In the order of the list; undefined for what failed or was not begun. */
	readonly results: readonly (Result | undefined)[];
	/** Why those at these places of the list failed. */
	readonly failures: ReadonlyMap<number, unknown>;
}

/**
 * Works on at most `atOnce` things at a time, started in their order. After a failure no more are started, and those
 * already started are waited for, so that their results are known. Never throws.
 */
export async function sideBySide<Thing, Result>(
	list: readonly Thing[],
	atOnce: number,
	work: (thing: Thing) => Promise<Result>,
): Promise<Finished<Result>> {
	const results = new Array<Result | undefined>(list.length).fill(undefined);
	const failures = new Map<number, unknown>();
	const waiting = list.entries();
	const worker = async () => {
		for (const [index, thing] of waiting) {
			try {
				results[index] = await work(thing);
			} catch (error) {
				failures.set(index, error);
			}
			if (failures.size > 0) return;
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
	return { results, failures };
}

/**
 * The same where a failure ends the work.
 * @throws what the first of them failed with, once those under way are over.
 */
export async function eachSideBySide<Thing>(
	list: Iterable<Thing>,
	atOnce: number,
	work: (thing: Thing) => Promise<void>,
): Promise<void> {
	const { failures } = await sideBySide([...list], atOnce, work);
	for (const failure of failures.values()) throw failure;
}
