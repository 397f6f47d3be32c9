/** Whether all people of a source were read: compares its count with what came, and checks whether it changed in the meantime. */

import { DataverseError } from '../../dataverse/errors/errors';
import type { SourceHooks } from './source';

export interface WholeOptions extends SourceHooks {
	/** Whether missing people would do damage: a Sync would remove them. */
	readonly mustBeWhole: boolean;
}

/** What is known of a source after it was read. */
export interface ReadSource {
	/** As it is called in messages: `Marketing list "Fair"`. */
	readonly name: string;
	/** All who could be read, those who were left out included. */
	readonly read: number;
	/** How many it counted before and after the reading, where it could be asked. */
	readonly before?: number;
	readonly after?: number;
	/** Whether the count is of the same people as came, so that any other number after the reading is a change. */
	readonly isExact?: boolean;
	/** Whether something else shows that it changed. */
	readonly isChanged: boolean;
}

const REMEDY =
	'Give the user of the credential the right to read all of these people, and run again. If the source counts people who were deleted, remove them from it in the app, or use Add and Remove instead of Sync.';

/**
 * Says that the source changed, and that a part of it could be read. Fewer people than it counted both before and after are
 * a part of it, also where it changed in between: no change explains them.
 * @throws DataverseError `refused` for a part, where the whole is needed
 */
export function requireWhole(source: ReadSource, options: WholeOptions): void {
	const { after, before, isChanged, isExact = false, name, read } = source;
	const counted = Math.min(before ?? Infinity, after ?? Infinity);
	const hasChanged = isChanged || (before !== undefined && after !== undefined && before !== after);
	if (Number.isFinite(counted) && read < counted) {
		const meanwhile = hasChanged ? ', and it changed while it was read' : '';
		const words = `${name} counts ${people(counted)}, and ${read} of them can be read with this credential${meanwhile}.`;
		sayPart(words, REMEDY, options);
	} else if (hasChanged || (isExact && after !== undefined && after !== read)) {
		options.say(
			`${name} changed while its ${people(read)} were read: people who joined or left in the meantime may be missing or included by mistake. Run again to be sure.`,
			'warning',
		);
	}
}

/**
 * Says that a part of a source was read.
 * @throws DataverseError `refused` where the whole is needed
 */
export function sayPart(words: string, remedy: string, { mustBeWhole, say }: WholeOptions): void {
	if (mustBeWhole) {
		const message = `${words} An incomplete list is not used.`;
		throw new DataverseError({ kind: 'refused', message, remedy });
	}
	say(words, 'warning');
}

function people(count: number): string {
	return count === 1 ? '1 person' : `${count} people`;
}
