/** Whether a query selects the people that its segment is made of. */

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { blocksOf, type Finding } from '../../../../core/query';
import type { NodeQuery } from '../../../shared/query';

/** The first block that selects other people, as a finding; undefined where the query fits or cannot be read. */
export function wrongAudience(query: NodeQuery | undefined, audience: string): Finding | undefined {
	const blocks = query?.ast === undefined ? [] : blocksOf(query.ast.body);
	for (const block of blocks) {
		if (block.kind !== 'profile' || block.table.toLowerCase() === audience) continue;
		const { start: offset = 0, line = 1, column = 1 } = block.nameSpan ?? block.span ?? {};
		return {
			severity: 'error',
			code: 'audience',
			message: `The query selects rows of "${block.table.slice(0, 60)}", and the people of the segment are rows of "${audience}".`,
			remedy: `Write PROFILE(${audience}), or choose the other audience for a new segment.`,
			offset,
			line,
			column,
		};
	}
	return undefined;
}

/** @throws DataverseError `invalidInput` before anything is sent: such a query is refused only when it is published */
export function requireAudience(query: NodeQuery | undefined, audience: string): void {
	const finding = wrongAudience(query, audience);
	if (finding === undefined) return;
	throw invalidInput(
		`Line ${finding.line}, column ${finding.column}: ${finding.message}`,
		`${finding.remedy} To send the query as it is, turn off Check Query.`,
	);
}
