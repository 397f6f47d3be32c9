/** What a new user finds in the node Dynamics 365 Segment Members, before anything is filled in. */

import type { INode, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { DataverseSegment } from '../../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';

const RESOURCES = ['realTimeSegment', 'outboundSegment'] as const;
const members = new DataverseSegmentMembers().description;

/** The parameters that are shown: without those that choose the operation, and without texts. */
function rowsOf(
	operation: string,
	parameters: INodeParameters = {},
	description: INodeTypeDescription = members,
): readonly INodeProperties[] {
	const { properties } = description;
	const given = { resource: 'realTimeSegment', operation, ...parameters };
	const node: INode = { id: '1', name: 'N', type: 'n', typeVersion: 1, position: [0, 0], parameters: given };
	const values = NodeHelpers.getNodeParameters(properties, given, true, false, node, description) ?? {};
	const filled = { ...node, parameters: values };
	return properties.filter(
		(property) =>
			!['operation', 'resource'].includes(property.name) &&
			property.type !== 'notice' &&
			NodeHelpers.displayParameter(values, property, filled, description),
	);
}

const namesOf = (rows: readonly INodeProperties[]) => rows.map(({ displayName }) => displayName);

/** Every entry of Options, those inside of its collections as well. */
function optionsOf(operation: string, resource: string): readonly INodeProperties[] {
	const options = rowsOf(operation, { resource }).find(({ name }) => name === 'options');
	const inside = ({ type, options: entries = [] }: INodeProperties): readonly INodeProperties[] =>
		type === 'collection' ? (entries as INodeProperties[]).flatMap((entry) => [entry, ...inside(entry)]) : [];
	return options === undefined ? [] : inside(options).filter(({ type }) => type !== 'collection');
}

describe('the sheet of an untouched node', () => {
	test.each([
		['add', 8],
		['remove', 7],
		['sync', 8],
		['check', 8],
		['compare', 6],
	])('%s has at most %s rows', (operation, most) => {
		for (const resource of operation === 'compare' ? (['realTimeSegment'] as const) : RESOURCES) {
			expect(rowsOf(operation, { resource }).length).toBeLessThanOrEqual(most);
		}
	});

	test('begins with the segment and the people, found by their e-mail addresses', () => {
		expect(namesOf(rowsOf('add'))).toEqual([
			'Segment',
			'People From',
			'Identify By',
			'Email Field',
			'If Nobody Matches',
			'Consent',
			'Dry Run',
			'Options',
		]);
	});

	test.each([
		['email', 'emailField', 'email'],
		['id', 'idField', 'id'],
		['column', 'valueField', ''],
	])('identified by %s, the field and its default fit', (identifyBy, name, value) => {
		const field = rowsOf('add', { identifyBy }).find((row) => row.name === name);

		expect(field?.default).toBe(value);
	});

	test('as a tool of an agent, people come from a list', () => {
		const tool = { ...members, name: `${members.name}Tool` };

		expect(namesOf(rowsOf('add', {}, tool))).toContain('Email Addresses');
		expect(namesOf(rowsOf('add'))).not.toContain('Email Addresses');
	});

	test('Compare has its rows in the same order, and says above them what entered and left mean', () => {
		const notice = members.properties.find(({ name }) => name === 'compareNotice');

		expect(namesOf(rowsOf('compare'))).toEqual([
			...['Segment', 'People From', 'Identify By', 'Email Field', 'Report', 'Options'],
		]);
		expect(notice?.displayName).toBe(
			'Entered: in the segment, not among the people below. Left: among them, not in the segment. Nothing is changed.',
		);
		expect(notice?.displayOptions?.show?.operation).toEqual(['compare']);
	});

	test('Sync says above its fields that people are removed', () => {
		const notice = members.properties.find(({ name }) => name === 'syncNotice');

		expect(notice?.displayName).toBe('People who are not in the input are removed from the segment');
		expect(notice?.displayOptions?.show?.operation).toEqual(['sync']);
	});
});

describe('Options', () => {
	test('stand in four collections', () => {
		const options = rowsOf('sync').find(({ name }) => name === 'options');

		expect((options?.options as INodeProperties[]).map(({ displayName }) => displayName)).toEqual([
			'Delivery',
			'Limits',
			'Matching',
			'Output',
		]);
	});

	/** Options that only some operations use. */
	const ONLY: Readonly<Record<string, readonly string[]>> = {
		'Allow Emptying': ['sync'],
		'Allow Several Runs': ['sync'],
		'Audience of New Segment': ['add', 'sync'],
		'Block If Column Has Value': ['add', 'remove', 'sync'],
		'Confirm by Reading Back': ['add', 'remove', 'sync'],
		'If Removal Brake Is Met': ['sync'],
		'If Segment Is Missing': ['add', 'sync'],
		'If Several Match': ['add', 'check', 'compare', 'remove', 'sync'],
		'Include Inactive People': ['add', 'check', 'remove', 'sync'],
		Columns: ['compare'],
		'Safe for Spreadsheets': ['compare'],
		'Duplicate Rules': ['add', 'sync'],
		'Most Created': ['add', 'sync'],
		'Most Removals': ['sync'],
		'Not Delivered as CSV': ['add', 'remove', 'sync'],
		'Only These Business Units': ['add', 'remove', 'sync'],
		'Publish After Changes': ['add', 'remove', 'sync'],
		'Read Membership First': ['add', 'remove'],
		'Removal Brake (%)': ['sync'],
		Report: ['add', 'remove', 'sync'],
		'Wait for New People (Minutes)': ['add', 'sync'],
	};

	test.each(Object.entries(ONLY))('%s is shown where it is used: %j', (name, operations) => {
		const shown = ['add', 'check', 'compare', 'remove', 'sync'].filter((operation) =>
			namesOf(optionsOf(operation, 'realTimeSegment')).includes(name),
		);

		expect(shown).toEqual(operations);
	});

	const all = RESOURCES.flatMap((resource) =>
		['add', 'check', 'compare', 'getMany', 'remove', 'sync'].flatMap((operation) =>
			optionsOf(operation, resource),
		),
	);
	const each = [...new Map(all.map((option) => [option.name, option])).values()];

	test.each(each.map((option) => [option.displayName, option.name]))(
		'%s is stored under that name: %s',
		(displayName, name) => {
			const words = displayName.replace(/\(.*\)/, '').match(/[A-Za-z]+/g) ?? [];
			const joined = words.join('').toLowerCase();

			expect([joined, `${joined}percent`, `${joined}minutes`]).toContain(name.toLowerCase());
		},
	);

	test('a switch that means something only when it is on is on when it is added', () => {
		const off = each.filter((option) => option.type === 'boolean' && option.default !== true);

		expect(namesOf(off).sort()).toEqual(['Allow Emptying', 'Allow Several Runs']);
	});
});

describe('the labels of actions', () => {
	const actions = [members, new DataverseSegment().description].flatMap(({ displayName, properties }) =>
		properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options = [] }) =>
				options.map((option) => ({
					node: displayName,
					resource: String(displayOptions?.show?.resource?.[0]),
					action: 'action' in option ? String(option.action) : '',
				})),
			),
	);

	test('are told apart', () => {
		const texts = actions.map(({ action, node }) => `${node}: ${action}`);

		expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
	});

	test('have no articles', () => {
		expect(actions.filter(({ action }) => /\b(an?|the)\b/.test(action))).toEqual([]);
	});

	test('of the retired system say so, and no others', () => {
		for (const { action, resource } of actions) {
			expect([action, action.endsWith('(retired)')]).toEqual([action, resource === 'outboundSegment']);
		}
	});
});

test.each(['add', 'remove', 'sync'])(
	'%s has the outputs Done and Not Delivered, the others have one',
	(operation) => {
		expect(members.outputs).toContain(`"${operation}"`);
	},
);
