/** The names of journeys and segments for which the service gives only IDs. */

import { ownString } from '../../../dataverse/http/json';
import { firstPage } from '../../../dataverse/http/paging';
import * as odata from '../../../dataverse/text/odata';
import type { Services } from './goLive';
import type { Dependent, StopResult } from '../api/replies';
import { nothingUnlessRunEnds } from '../../unlessRunEnds';

const JOURNEY_SET = 'msdynmkt_journeys';
const JOURNEY_KEY = 'msdynmkt_journeyid';

/** The results with the names of what keeps segments from stopping, as far as they can be read. */
export async function withNames(
	services: Services,
	results: ReadonlyMap<string, StopResult>,
): Promise<ReadonlyMap<string, StopResult>> {
	const all = [...results.values()];
	const journeys = await journeyNames(services, nameless(all.flatMap((result) => result.dependentJourneys)));
	const segments = await segmentNames(services, nameless(all.flatMap((result) => result.dependentSegments)));
	if (journeys.size + segments.size === 0) return results;
	const named = [...results].map(([id, result]): [string, StopResult] => [
		id,
		{
			...result,
			dependentJourneys: result.dependentJourneys.map((one) => withName(one, journeys)),
			dependentSegments: result.dependentSegments.map((one) => withName(one, segments)),
		},
	]);
	return new Map(named);
}

function nameless(dependents: readonly Dependent[]): readonly string[] {
	const ids = dependents.flatMap(({ id, name }) => (id === undefined || name !== undefined ? [] : [id]));
	return [...new Set(ids)].slice(0, odata.IN_VALUES_LIMIT);
}

function withName(dependent: Dependent, names: ReadonlyMap<string, string>): Dependent {
	const name = dependent.name ?? names.get(dependent.id ?? '');
	return name === undefined ? dependent : { ...dependent, name };
}

async function segmentNames(
	{ finder }: Services,
	ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	if (ids.length === 0) return new Map();
	const found = await finder.getMany(ids).catch(nothingUnlessRunEnds);
	return new Map([...(found ?? [])].map(([id, { name }]) => [id, name]));
}

async function journeyNames(
	{ client }: Services,
	ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	if (ids.length === 0) return new Map();
	const pages = client.listPages(JOURNEY_SET, {
		select: [JOURNEY_KEY, 'msdynmkt_name'],
		filter: odata.isIn(JOURNEY_KEY, ids),
	});
	const { rows } = (await firstPage(pages).catch(nothingUnlessRunEnds)) ?? { rows: [] };
	return new Map(
		rows.flatMap((row): Array<[string, string]> => {
			const [id, name] = [ownString(row, JOURNEY_KEY), ownString(row, 'msdynmkt_name')];
			return id === undefined || name === undefined ? [] : [[id.toLowerCase(), name]];
		}),
	);
}
