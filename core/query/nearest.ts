/** Candidates compared at most, and the longest name compared: tables have hundreds of columns, hostile names any length. */
const MAX_CANDIDATES = 2000;
const MAX_LENGTH = 100;

/**
 * The candidate that is most like the name, for "did you mean". Nothing when all are too far: more than a third of the
 * letters would have to change. Case does not count.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
	if (name.length > MAX_LENGTH) return undefined;
	const wanted = name.toLowerCase();
	let best: string | undefined;
	let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
	let looked = 0;
	for (const candidate of candidates) {
		if (++looked > MAX_CANDIDATES) break;
		if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
		const distance = editDistance(wanted, candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** Insertions, deletions, changes and swaps of neighbors (optimal string alignment). */
function editDistance(left: string, right: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: right.length + 1 }, (_, index) => index);
	for (let row = 1; row <= left.length; row++) {
		const current = [row];
		for (let column = 1; column <= right.length; column++) {
			const same = left[row - 1] === right[column - 1];
			let cost = Math.min(
				(last[column] ?? 0) + 1,
				(current[column - 1] ?? 0) + 1,
				(last[column - 1] ?? 0) + (same ? 0 : 1),
			);
			const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
			if (row > 1 && column > 1 && isSwap) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
			current.push(cost);
		}
		beforeLast = last;
		last = current;
	}
	return last[right.length] ?? 0;
}
