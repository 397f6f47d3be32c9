/** An overview of all segments of an environment: what is read besides their own rows, once for all of them. */

import type { DataverseClient } from '../../../dataverse/client';
import { valueOr, type Fact } from '../../../environment';
import type { RealTimeSegment } from '../rows/row';
import { lastEvaluation, recentFailures, type LastEvaluation, type RecentFailures } from './evaluations';
import { allUses, type Uses } from './readUsage';
import { usageOf, type SegmentUsage } from './usage';
import type { SegmentUse } from './usageRows';

export interface SegmentOverview {
	readonly segment: RealTimeSegment;
	readonly usage: SegmentUsage;
	readonly evaluation: LastEvaluation;
}

interface Looks {
	readonly uses: Fact<Uses>;
	readonly failures: Fact<RecentFailures>;
}

/** Looks at the usage rows and at recent failures when it is first asked, and not again: two requests for all segments. */
export class Overviews {
	private looks: Promise<Looks> | undefined;

	constructor(private readonly client: DataverseClient) {}

	/**
	 * What uses each of the segments and how its last evaluation ended, in the order given. What may not be read is told as not
	 * known, and `notKnown` says why.
	 */
	async of(segments: readonly RealTimeSegment[]): Promise<readonly SegmentOverview[]> {
		if (segments.length === 0) return [];
		const { failures, uses } = await this.look();
		const rows = valueOr(uses, undefined)?.rows;
		const byTarget = rows === undefined ? undefined : byTargets(rows);
		const recent = valueOr(failures, undefined);
		return segments.map((segment) => {
			const ids = new Set([segment.id.toLowerCase(), segment.definitionId ?? '']);
			const own = [...ids].flatMap((id) => byTarget?.get(id) ?? []);
			return {
				segment,
				usage: usageOf(segment, byTarget === undefined ? undefined : own),
				evaluation: lastEvaluation(segment, recent),
			};
		});
	}

	/** What could not be asked, each with the reason in the middle of a sentence. */
	async notKnown(): Promise<{
		readonly usage?: string;
		readonly names?: string;
		readonly failures?: string;
	}> {
		const { failures, uses } = await this.look();
		return {
			...(uses.known ? {} : { usage: uses.why }),
			...(uses.known && uses.value.withoutNames !== undefined && { names: uses.value.withoutNames }),
			...(failures.known ? {} : { failures: failures.why }),
		};
	}

	private async look(): Promise<Looks> {
		this.looks ??= this.read();
		try {
			return await this.looks;
		} catch (error) {
			this.looks = undefined;
			throw error;
		}
	}

	private async read(): Promise<Looks> {
		const uses = await allUses(this.client);
		return { uses, failures: await recentFailures(this.client) };
	}
}

function byTargets(rows: Uses['rows']): ReadonlyMap<string, Uses['rows']> {
	const groups = new Map<string, SegmentUse[]>();
	for (const use of rows) {
		for (const target of use.targets) {
			const group = groups.get(target);
			if (group === undefined) groups.set(target, [use]);
			else group.push(use);
		}
	}
	return groups;
}
