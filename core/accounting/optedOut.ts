/** People in the input who opted out: a sync removes those who are members. In the figures, each is still one of the people. */

import type { Reason } from './rowReasons';
import type { LeavingOutcome, PersonOutcome } from './statuses';

/** The people of one run who opted out. A person is given as an index in the roster. */
export class OptedOut {
	private readonly reasons = new Map<number, Reason>();
	private readonly leaving = new Map<number, Reason>();

	/** Remembers that this person is to be removed where they are a member; until then nothing changes for them. */
	mark(person: number, reason: Reason): void {
		this.reasons.set(person, reason);
	}

	/** Whether this person was marked. */
	has(person: number): boolean {
		return this.reasons.has(person);
	}

	/** Records that the plan removes this marked person; their outcome is then that of the removal. */
	leave(person: number): void {
		const reason = this.reasons.get(person);
		if (reason !== undefined) this.leaving.set(person, reason);
	}

	/** Why the plan removes this person; undefined when it does not. */
	whyLeaving(person: number): Reason | undefined {
		return this.leaving.size === 0 ? undefined : this.leaving.get(person);
	}

	/** How many of the people to be removed were sent, or would be in a dry run. */
	countSent(outcomeOf: (person: number) => PersonOutcome): number {
		let count = 0;
		for (const person of this.leaving.keys()) if (isLeavingOutcome(outcomeOf(person))) count += 1;
		return count;
	}
}

/** Whether a person with this outcome was removed, or would be. */
export function isLeavingOutcome(outcome: PersonOutcome): outcome is LeavingOutcome {
	return outcome === 'confirmed' || outcome === 'unconfirmed' || outcome === 'wouldRemove';
}
