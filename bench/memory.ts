/** How much memory a run takes. */

import type { Memory } from './job';

const CLOSE_MS = 5;
/** Each look takes about 70 µs: where time is measured there are few of them. */
const LOOSE_MS = 50;

/** Collects the garbage, then looks at the memory again and again until the returned function is called. */
export function watchMemory(isClose: boolean): () => Omit<Memory, 'itemBytes'> {
	globalThis.gc?.();
	const { rss: rssBefore, heapUsed: heapBefore } = process.memoryUsage();
	let [rssPeak, heapPeak] = [rssBefore, heapBefore];
	const look = () => {
		const { rss, heapUsed } = process.memoryUsage();
		rssPeak = Math.max(rssPeak, rss);
		heapPeak = Math.max(heapPeak, heapUsed);
	};
	const timer = setInterval(look, isClose ? CLOSE_MS : LOOSE_MS);
	return () => {
		clearInterval(timer);
		look();
		return { rssBefore, rssPeak, heapBefore, heapPeak };
	};
}

/** Bytes of the heap that are in use once the garbage is gone. */
export function heapInUse(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
