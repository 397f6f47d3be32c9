/** The people of the benchmark: ids and addresses that follow from a number, so that a list of them can be checked. */

const SPREAD = 2_654_435_761;
const NUMBER_AT = 24;

/** The id of the n-th person: a GUID whose beginning looks random and whose end is the number. */
export function personId(n: number): string {
	const head = (Math.imul(n + 1, SPREAD) >>> 0).toString(16).padStart(8, '0');
	return `${head}-5e97-4b1c-9d2a-${n.toString(16).padStart(12, '0')}`;
}

/** Which person has this id. */
export function personNumber(id: string): number {
	return Number.parseInt(id.slice(NUMBER_AT), 16);
}

/** Whether somebody of the benchmark has this id, rather than somebody whom the measured side created. */
export function isPersonId(id: string): boolean {
	return id.startsWith('-5e97-4b1c-9d2a-', 8);
}

export function personAddress(n: number): string {
	return `person.${n}@contoso-${n % 97}.example.org`;
}

/** An address that nobody has. */
export function newAddress(n: number): string {
	return `new.person.${n}@contoso-${n % 97}.example.org`;
}

/** Which person has this address; not a number for one that nobody has. */
export function addressNumber(address: string): number {
	return address.startsWith('person.') ? Number.parseInt(address.slice('person.'.length), 10) : Number.NaN;
}
