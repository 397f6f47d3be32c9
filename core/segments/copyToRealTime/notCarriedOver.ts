/** Why a query cannot be carried over, one sentence. */
export class NotCarriedOver extends Error {
	override readonly name = 'NotCarriedOver';

	constructor(
		readonly what: string,
		readonly reason: string,
	) {
		super(`${what}: ${reason}`);
	}
}
