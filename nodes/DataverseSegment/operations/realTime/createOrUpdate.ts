import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import {
	unitElsewhere,
	type GroupEdit,
	type NewRealTimeSegment,
	type RealTimeSegment,
	type RealTimeUpdate,
	type StaticGroup,
} from '../../../../core/segments/realTime';
import { isInUse, STATUS_WORDS } from '../../../../core/segments/status';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { segmentFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { explaining } from '../../../shared/query';
import { readOptionalId, readText } from '../../../shared/read';
import { createdItem, createSegment } from './create';
import { nameField } from '../shared/fields';
import {
	audienceField,
	creationOptions,
	queryFields,
	readNewSegment,
	typeField,
	type WantedSegment,
} from './fields';
import { groupsField } from './groups';
import { severalMatch } from '../shared/severalMatch';

const matchBy: INodeProperties = {
	displayName: 'Match By',
	name: 'matchBy',
	type: 'options',
	default: 'name',
	options: [
		{ name: 'ID', value: 'id', description: 'The segment with an ID is updated, its name included' },
		{ name: 'Name', value: 'name', description: 'The segment with exactly the name is updated' },
	],
	description: 'How to find a segment that may already exist; the node refuses when several match',
};

const segmentId: INodeProperties = {
	displayName: 'Segment ID',
	name: 'segmentId',
	type: 'string',
	default: '',
	placeholder: 'e.g. b5466fbb-2cef-e911-a81d-000d3a6d200c',
	displayOptions: { show: { matchBy: ['id'] } },
	description: 'ID of the segment or of its definition; when empty, a segment is created',
};

export const createOrUpdate: ItemOperation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update segment',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	properties: [
		matchBy,
		segmentId,
		nameField,
		typeField,
		audienceField,
		...queryFields,
		optionsCollection([
			...creationOptions,
			giveUpAfter,
			{
				...groupsField,
				description: `${groupsField.description}. Groups of a segment that exists are matched by name; none is removed.`,
			},
		]),
	],
	async runItem(context, itemIndex) {
		const wanted = await readNewSegment(context, itemIndex);
		return [await explaining(wanted.query, upserted(context, wanted, itemIndex))];
	},
};

/** Two executions that create the same name at the same moment create one segment: the second finds that of the first. */
async function upserted(
	context: OperationContext,
	wanted: WantedSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const found = await findSegment(context, wanted.segment.name, itemIndex);
	if (found !== undefined) return await updateSegment(context, found, wanted, itemIndex);
	const isByName = readText(context.functions, 'matchBy', itemIndex) !== 'id';
	if (!isByName) return await createSegment(context, wanted, itemIndex);
	const once = await context.realTime.createOnce(wanted.segment);
	return once.kind === 'created'
		? await createdItem(context, once.created, wanted, itemIndex)
		: await updateSegment(context, once.found, wanted, itemIndex);
}

async function findSegment(
	{ functions, realTime }: OperationContext,
	name: string,
	itemIndex: number,
): Promise<RealTimeSegment | undefined> {
	if (readText(functions, 'matchBy', itemIndex) === 'id') {
		const id = readOptionalId(functions, 'segmentId', itemIndex);
		return id === undefined ? undefined : await realTime.get(id);
	}
	const matches = await realTime.findByName(name);
	// A copy of an outbound segment cannot be updated, and does not block its name.
	const own = matches.filter(({ definition, source }) => source !== 'outbound' || definition !== undefined);
	if (own.length > 1) throw severalMatch(name, own, 'match by');
	return own[0];
}

async function updateSegment(
	context: OperationContext,
	found: RealTimeSegment,
	{ segment: wanted, goLive }: WantedSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const { realTime } = context;
	requireSameKind(context, found, wanted);
	if (goLive) requireUnit(found, wanted);
	const changes = changesTo(context, found, wanted);
	const isChanging = Object.values(changes).some((value) => value !== undefined);
	const warnings = isChanging ? await realTime.update(found.id, changes) : [];
	for (const warning of warnings) context.hint(warning, 'warning');
	const published = goLive ? (await realTime.goLive(found.id)).changed : false;
	if (wanted.businessUnitId !== undefined || wanted.scope !== undefined) {
		context.hint(`"${found.name}" already exists, so its business unit and scope were left as they are.`);
	}
	const json = segmentFields(await realTime.get(found.id));
	return {
		json: { ...json, created: false, changed: isChanging || published },
		pairedItem: { item: itemIndex },
	};
}

/** Only what differs, so that a second run writes nothing and publishes nothing. */
function changesTo(
	{ realTime }: OperationContext,
	found: RealTimeSegment,
	wanted: NewRealTimeSegment,
): RealTimeUpdate {
	const { definition = {} } = found;
	const { description, disableRefresh, name, query, refreshIntervalMinutes } = wanted;
	const changed = <T>(value: T | undefined, before: unknown) => (value === before ? undefined : value);
	const groups = groupEdits(realTime.groups(found), wanted);
	return {
		name: changed(name, found.name),
		description: changed(description, found.description),
		query: changed(query, found.query),
		disableRefresh: changed(disableRefresh, definition.msdynmkt_disablesegmentrefresh),
		refreshIntervalMinutes: changed(
			refreshIntervalMinutes,
			definition.msdynmkt_segmentrefreshintervalminutes,
		),
		groups: groups.length === 0 ? undefined : groups,
	};
}

function groupEdits(
	existing: readonly StaticGroup[],
	{ groups = [] }: NewRealTimeSegment,
): readonly GroupEdit[] {
	return groups.flatMap((group): GroupEdit[] => {
		const same = existing.filter(({ name }) => name.trim().toLowerCase() === group.name.toLowerCase());
		if (same.length === 0) return [{ kind: 'add', group }];
		if (same.length === 1 && same[0]?.includeType === group.includeType) return [];
		return [{ kind: 'change', group: { name: group.name }, includeType: group.includeType }];
	});
}

function requireSameKind(
	{ realTime }: OperationContext,
	found: RealTimeSegment,
	wanted: NewRealTimeSegment,
): void {
	if (found.audience !== wanted.audience) {
		throw invalidInput(
			`Segment "${found.name}" exists, its audience is "${found.audience}", and it cannot become "${wanted.audience}".`,
			'Choose the audience it has, or another name.',
		);
	}
	const isEmpty = found.query === undefined && realTime.groups(found).length === 0;
	if (found.type === wanted.type || isEmpty) return;
	throw invalidInput(
		`Segment "${found.name}" exists and is ${found.type}; it is not made ${wanted.type} here.`,
		'Choose the type it has, or another name. Update adds a query or groups to a segment.',
	);
}

/** A segment that is in use keeps its business unit; one that is not does not become an audience of the wrong one. */
function requireUnit({ name, row, status }: RealTimeSegment, { businessUnitId }: NewRealTimeSegment): void {
	const elsewhere = isInUse(status) ? undefined : unitElsewhere(row, businessUnitId);
	if (elsewhere === undefined) return;
	throw invalidInput(
		`Segment "${name}" is ${STATUS_WORDS[status]} and was neither changed nor published: ${elsewhere.what}`,
		`${elsewhere.remedy} To publish it where it is, leave out Business Unit.`,
	);
}
