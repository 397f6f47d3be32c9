/** Creating a segment that another execution may be creating at the same moment, so that only one has the name afterwards. */

import { isDuplicate } from '../dataverse/errors/decodeError';

/** How many segments may have been created with a name and renamed since; each keeps the ID derived from that name. */
const MOST_NAMESAKES = 100;

export type CreatedOnce<Created, Found> =
	{ readonly kind: 'created'; readonly created: Created } | { readonly kind: 'found'; readonly found: Found };

/**
 * Creates with ids that follow from the name: the service lets one execution win, and the others find its segment. An ID that
 * already belongs to a segment with another name, or to a leftover, is skipped for the next one.
 * @param steps.create with the ids of the name, the first, second … of them
 * @param steps.find the segment that has the name now
 * @throws DataverseError of `create` that is not about a duplicate; that of the last duplicate when there is no end to them
 */
export async function createOnce<Created, Found>(steps: {
	readonly create: (ordinal: number) => Promise<Created>;
	readonly find: () => Promise<Found | undefined>;
}): Promise<CreatedOnce<Created, Found>> {
	for (let ordinal = 1; ; ordinal += 1) {
		try {
			return { kind: 'created', created: await steps.create(ordinal) };
		} catch (error) {
			if (!isDuplicate(error)) throw error;
			const found = await steps.find();
			if (found !== undefined) return { kind: 'found', found };
			if (ordinal >= MOST_NAMESAKES) throw error;
		}
	}
}
