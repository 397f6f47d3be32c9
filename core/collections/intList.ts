/** Growing lists of whole numbers in typed arrays: a million rows cost a million times a few bytes, and no objects. */

const FIRST_CAPACITY = 1024;

/** Whole numbers of one byte (0 to 255) or four bytes. */
export class IntList<Data extends Int32Array | Uint8Array> {
	length = 0;
	/** Kept separately: reading `length` of two kinds of typed arrays would slow down every push. */
	private capacity: number;

	private constructor(
		private data: Data,
		private readonly make: (capacity: number) => Data,
	) {
		this.capacity = data.length;
	}

	/** @param expected how many numbers will come, where that is known: growing leaves garbage behind */
	static ofBytes(expected = 0): IntList<Uint8Array> {
		const make = (capacity: number) => new Uint8Array(capacity);
		return new IntList(make(Math.max(FIRST_CAPACITY, expected)), make);
	}

	/** @param expected as for `ofBytes` */
	static ofInts(expected = 0): IntList<Int32Array> {
		const make = (capacity: number) => new Int32Array(capacity);
		return new IntList(make(Math.max(FIRST_CAPACITY, expected)), make);
	}

	/** Appends a number. The memory doubles when it is full. */
	push(value: number): void {
		if (this.length === this.capacity) {
			const wider = this.make(this.capacity * 2);
			wider.set(this.data);
			this.data = wider;
			this.capacity = wider.length;
		}
		// What is new is 0 already, and memory that nobody has written to costs nothing.
		if (value !== 0) this.data[this.length] = value;
		this.length += 1;
	}

	/** 0 outside the list. */
	at(index: number): number {
		return this.data[index] ?? 0;
	}

	/** Replaces a number. The index has to be below `length`; it is not checked. */
	set(index: number, value: number): void {
		this.data[index] = value;
	}

	/** A copy of the numbers. */
	toArray(): Data {
		return this.data.slice(0, this.length) as Data;
	}

	/** How often each of the numbers 0 to `kinds - 1` occurs. */
	count(kinds: number): readonly number[] {
		const counts = new Array<number>(kinds).fill(0);
		for (let i = 0; i < this.length; i += 1) counts[this.at(i)] = (counts[this.at(i)] ?? 0) + 1;
		return counts;
	}
}
