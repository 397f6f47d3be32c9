/** The parameters of Add, Remove and Sync, and the settings of a delivery read from them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { DeliveryChange } from '../../../core/accounting/report';
import type { DeliverySettings as CoreSettings } from '../../../core/delivery/settings';
import { optionsCollection } from '../../shared/parameters';
import { readFlag } from '../../shared/read';
import { targetLocator } from '../../shared/segmentLocator';
import { consentChannel, consentProperties } from '../consent/consentOfPeople';
import { overruleOptOuts } from '../consent/purposeFields';
import { recordOptOutsProperties } from '../consent/recordInDelivery';
import { matchingOptions } from '../input/matching';
import { newPeopleDelivery, newPeopleProperties } from '../input/newPeople';
import { peopleProperties } from '../input/peopleFrom';
import type { SystemMembers } from '../operations/systemMembers';
import { howToDeliver, readHowToDeliver } from './howToDeliver';
import { limitsOf, readLimits, type Limits } from './limitParameters';
import { outputOptions, readWhatToReturn, type WhatToReturn } from './whatToReturn';

export interface DeliveryParameters extends CoreSettings, WhatToReturn {
	readonly limits: Limits;
}

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description: 'Whether to return the plan without changing anything',
};

/** Sync takes its input as the complete list, which people may not expect. */
const syncNotice: INodeProperties = {
	displayName: 'People who are not in the input are removed from the segment',
	name: 'syncNotice',
	type: 'notice',
	default: '',
};

/** The parameters from top to bottom. Those of a group stand in one file; Options holds a collection for each. */
export function deliveryProperties(
	change: DeliveryChange,
	system: Pick<SystemMembers, 'createsPeople' | 'hasConsent' | 'hasSources' | 'options'>,
): readonly INodeProperties[] {
	const isSync = change === 'sync';
	// Removing somebody needs no consent.
	const checked = system.hasConsent && change !== 'remove' ? change : undefined;
	const recordsOptOuts = system.hasConsent && change === 'remove';
	const ofConsent = [
		...(system.hasConsent ? [consentChannel] : []),
		...(change === 'add' && system.hasConsent ? [overruleOptOuts] : []),
	];
	const creates = system.createsPeople && change !== 'remove';
	return [
		targetLocator,
		...(isSync ? [syncNotice] : []),
		...peopleProperties(system.hasSources),
		...(creates ? newPeopleProperties : []),
		...(checked === undefined ? [] : consentProperties(checked)),
		...(recordsOptOuts ? recordOptOutsProperties : []),
		dryRun,
		optionsCollection([
			matchingOptions(false, ofConsent),
			limitsOf(change, creates),
			howToDeliver(change, [...system.options(change), ...(creates ? newPeopleDelivery : [])]),
			outputOptions,
		]),
	];
}

/** @throws DataverseError `invalidInput` for a value that does not fit, with the name of the field */
export function readDeliveryParameters(functions: IExecuteFunctions, itemIndex: number): DeliveryParameters {
	return {
		dryRun: readDryRun(functions, itemIndex),
		limits: readLimits(functions, itemIndex),
		...readHowToDeliver(functions, itemIndex),
		...readWhatToReturn(functions, itemIndex),
	};
}

/** @throws DataverseError `invalidInput` where an expression yields nothing, so that no plan turns into a real run */
export function readDryRun(functions: IExecuteFunctions, itemIndex: number): boolean {
	return readFlag(functions, 'dryRun', itemIndex);
}
