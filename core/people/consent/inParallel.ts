/**
 * Works on at most `atOnce` things at a time, begun in their order. After a failure no further one is begun; those under
 * way are waited for, and the failure of the first of them is thrown.
 */
export async function inParallel<Thing>(
	list: Iterable<Thing>,
	atOnce: number,
	work: (thing: Thing) => Promise<void>,
): Promise<void> {
	const waiting = list[Symbol.iterator]();
	const failures: unknown[] = [];
	const worker = async () => {
		for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
			try {
				await work(next.value);
			} catch (error) {
				failures.push(error);
			}
			if (failures.length > 0) return;
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
	if (failures.length > 0) throw failures[0];
}
