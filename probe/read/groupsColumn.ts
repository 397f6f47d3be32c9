/** Ids of the groups of a definition. */

import { parseJson, isJsonObject, ownString } from '../../core/dataverse/http/json';
import { entityPath } from '../../core/dataverse/text/odata';
import { isOk, json, type Asking } from '../asking';

export async function readGroups(asking: Asking, definitionId: string): Promise<readonly string[]> {
	const path = `${entityPath('msdynmkt_segmentdefinitions', definitionId)}?$select=msdynmkt_staticlistmembers`;
	const reply = await asking.raw({ path });
	const groups = isOk(reply)
		? parseJson(ownString(json(reply), 'msdynmkt_staticlistmembers') ?? '')
		: undefined;
	if (!Array.isArray(groups)) return [];
	return groups.filter(isJsonObject).flatMap((group) => ownString(group, 'groupId') ?? []);
}
