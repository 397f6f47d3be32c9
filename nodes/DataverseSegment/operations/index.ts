import type { ResourceOperations } from '../../shared/operation';
import { OUTBOUND_RESOURCE } from '../../shared/resources';
import { deleteSegment } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { getStatus } from './getStatus';
import { goLive } from './goLive';
import { create } from './outbound/create';
import { createOrUpdate } from './outbound/createOrUpdate';
import { update } from './outbound/update';
import { validate } from './outbound/validate';
import { stop } from './stop';

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{
		...OUTBOUND_RESOURCE,
		operations: [
			create,
			createOrUpdate,
			deleteSegment,
			get,
			getMany,
			getStatus,
			goLive,
			stop,
			update,
			validate,
		],
		defaultOperation: 'getMany',
	},
];
