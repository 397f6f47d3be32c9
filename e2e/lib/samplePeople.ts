/** The people of Microsoft's sample data whom the example workflows name. */

import type { Emulator } from '../../emulator';

/** Their addresses end with one of these letters: someone_a@example.com. */
export const SAMPLE_LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

export const sampleAddress = (letter: string): string => `someone_${letter}@example.com`;

/** Puts them into the emulator. */
export function seedSamplePeople({ control }: Pick<Emulator, 'control'>): void {
	const contacts = SAMPLE_LETTERS.map((letter) => ({
		emailaddress1: sampleAddress(letter),
		firstname: 'Sample',
		lastname: letter.toUpperCase(),
		fullname: `Sample ${letter.toUpperCase()}`,
		statecode: 0,
	}));
	control.seed({ rows: { contacts } });
}
