import type { ResourceOperations } from '../../shared/operation';
import { ENVIRONMENT_RESOURCE, OUTBOUND_RESOURCE, REAL_TIME_RESOURCE } from '../../shared/resources';
import { check } from './environment/check';
import { deleteSegment } from './shared/delete';
import { get } from './shared/get';
import { getMany } from './shared/getMany';
import { getStatus } from './outbound/getStatus';
import { goLive } from './outbound/goLive';
import { copyToRealTime } from './outbound/copyToRealTime';
import { create } from './outbound/create';
import { createOrUpdate } from './outbound/createOrUpdate';
import { update } from './outbound/update';
import { validate } from './outbound/validate';
import { create as createRealTime } from './realTime/create';
import { createOrUpdate as createOrUpdateRealTime } from './realTime/createOrUpdate';
import { getStatus as getRealTimeStatus } from './realTime/getStatus';
import { getUsage } from './realTime/getUsage';
import { goLive as goLiveRealTime } from './realTime/goLive';
import { stop as stopRealTime } from './realTime/stop';
import { update as updateRealTime } from './realTime/update';
import { validate as validateRealTime } from './realTime/validate';
import { stop } from './outbound/stop';

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{
		...REAL_TIME_RESOURCE,
		operations: [
			createRealTime,
			createOrUpdateRealTime,
			deleteSegment,
			get,
			getMany('realTime'),
			getRealTimeStatus,
			getUsage,
			goLiveRealTime,
			stopRealTime,
			updateRealTime,
			validateRealTime,
		],
		defaultOperation: 'getMany',
	},
	{
		...OUTBOUND_RESOURCE,
		operations: [
			copyToRealTime,
			create,
			createOrUpdate,
			deleteSegment,
			get,
			getMany('outbound'),
			getStatus,
			goLive,
			stop,
			update,
			validate,
		],
		defaultOperation: 'getMany',
	},
	{ ...ENVIRONMENT_RESOURCE, operations: [check], defaultOperation: 'check' },
];
