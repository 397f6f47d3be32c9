import type { ResourceOperations } from '../../shared/operation';
import { deleteSegment } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { getStatus } from './getStatus';
import { goLive } from './goLive';
import { create } from './outbound/create';
import { OUTBOUND_RESOURCE } from '../../shared/resources';

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{
		...OUTBOUND_RESOURCE,
		operations: [create, deleteSegment, get, getMany, getStatus, goLive],
		defaultOperation: 'getMany',
	},
];
