import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { readWorkflow, workflowNames } from '../../e2e/lib/workflowFiles';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentTrigger } from '../../nodes/DataverseSegmentTrigger/DataverseSegmentTrigger.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';

const PACKAGE = 'n8n-nodes-dataverse-segments.';
const NODES: readonly INodeType[] = [
	new DataverseSegment(),
	new DataverseSegmentMembers(),
	new DataverseSegmentTrigger(),
];
/** n8n adds these to a node that is used as a tool. */
const OF_TOOLS: ReadonlySet<string> = new Set(['descriptionType', 'toolDescription']);
/** What is not added to them is not wanted. */
const COLLECTIONS: readonly string[] = ['filters', 'options'];
/** Width and height of a node on the canvas, its label included. */
const NODE_SIZE = [96, 160] as const;
const AGENT_SIZE = [256, 160] as const;

interface PlacedNode extends INode {
	readonly position: [number, number];
}
type Box = readonly [left: number, top: number, right: number, bottom: number];

const isSticky = ({ type }: INode) => type === 'n8n-nodes-base.stickyNote';
const isOurs = ({ type }: INode) => type.startsWith(PACKAGE);

function typeOf({ type }: INode): INodeType | undefined {
	const name = type.slice(PACKAGE.length);
	return NODES.find(({ description }) => [description.name, `${description.name}Tool`].includes(name));
}

function parametersOf({ parameters }: INode): IDataObject {
	return Object.fromEntries(Object.entries(parameters).filter(([name]) => !OF_TOOLS.has(name)));
}

function boxOf(node: PlacedNode): Box {
	const [left, top] = node.position;
	const { height, width } = node.parameters as { readonly height?: number; readonly width?: number };
	const ofNode = node.type.endsWith('.agent') ? AGENT_SIZE : NODE_SIZE;
	const [wide, high] = isSticky(node) ? [width ?? 0, height ?? 0] : ofNode;
	return [left, top, left + wide, top + high];
}

const overlap = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const isInside = (inner: Box, outer: Box) =>
	inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

/** Paths of values that are not among the options of their parameter; expressions are left to the run. */
function wrongOptions(properties: readonly INodeProperties[], values: IDataObject, node: INode): string[] {
	return properties.flatMap((property): string[] => {
		const value = values[property.name];
		const type = typeOf(node)?.description ?? null;
		if (value === undefined || !NodeHelpers.displayParameter(node.parameters, property, node, type))
			return [];
		if (property.type === 'collection')
			return wrongOptions((property.options ?? []) as INodeProperties[], value as IDataObject, node);
		if (property.type !== 'options' && property.type !== 'multiOptions') return [];
		const known = ((property.options ?? []) as INodePropertyOptions[]).map((option) => option.value);
		const isLoaded = property.typeOptions?.loadOptionsMethod !== undefined;
		return [value]
			.flat()
			.filter((one) => !isLoaded && !known.includes(one as string) && !String(one).startsWith('='))
			.map((one) => `${property.name}: ${String(one)}`);
	});
}

describe.each(workflowNames())('workflows/%s.json', (name) => {
	const workflow = readWorkflow(name);
	const nodes = workflow.nodes as unknown as readonly PlacedNode[];
	const stickies = nodes.filter(isSticky);
	const working = nodes.filter((node) => !isSticky(node));

	test.each(nodes.filter(isOurs))('$name says only what the node knows, and all that it needs', (node) => {
		const { description } = typeOf(node) as INodeType;
		const parameters = parametersOf(node);
		const { properties } = description;
		const kept = NodeHelpers.getNodeParameters(
			properties,
			node.parameters,
			true,
			false,
			node,
			description,
		) as INodeParameters;

		expect(kept).toMatchObject(parameters);
		expect(Object.keys(kept.options ?? {}).sort()).toEqual(Object.keys(parameters.options ?? {}).sort());
		expect(wrongOptions(properties, parameters, node)).toEqual([]);
		const filledIn = { ...node, parameters: kept };
		expect(NodeHelpers.getNodeParametersIssues(properties, filledIn, description)).toBeNull();
		const chosen = description.polling === true ? ['event'] : ['resource', 'operation'];
		expect(Object.keys(parameters)).toEqual(expect.arrayContaining(chosen));
		// A default that changes one day must not change what an example does.
		const notices = properties.filter(({ type }) => type === 'notice').map(({ name }) => name);
		const unsaid = Object.entries(kept).filter(
			([name, value]) =>
				!(name in parameters) && !notices.includes(name) && !COLLECTIONS.includes(name) && value !== '',
		);
		expect(unsaid).toEqual([]);
	});

	test('can be imported by anybody: no credentials, no pinned data, nobody real, switched off', () => {
		const text = JSON.stringify(workflow);

		expect(workflow).toMatchObject({ active: false, pinData: {}, settings: { executionOrder: 'v1' } });
		expect(workflow).not.toHaveProperty('id');
		expect(text).not.toMatch(/"credentials"|"instanceId"/);
		const addresses = [...text.matchAll(/[\w.]+@([\w.]*\w)/g)].map(([, domain]) => domain);
		expect(addresses.filter((domain) => !/^(example\.(com|net|org)|n8n)$/.test(domain ?? ''))).toEqual([]);
	});

	test('uses nothing that n8n 3.0 has no longer', () => {
		const gone = ['function', 'functionItem', 'itemLists'].map((name) => `n8n-nodes-base.${name}`);
		const types = nodes.map(({ type }) => type);
		expect(types.filter((type) => gone.includes(type))).toEqual([]);
		expect(JSON.stringify(workflow)).not.toMatch(/\$getPairedItem|"mode": ?"each"/);
	});

	test('names each node once, and connects nodes that are there', () => {
		const names = nodes.map((node) => node.name);
		const ids = nodes.map(({ id }) => id);
		const named = [
			...Object.keys(workflow.connections),
			...[...JSON.stringify(workflow.connections).matchAll(/"node":"([^"]+)"/g)].map(([, to]) => to),
		];

		expect(new Set(names).size).toBe(nodes.length);
		expect(new Set(ids).size).toBe(nodes.length);
		expect(named.filter((node) => !names.includes(node ?? ''))).toEqual([]);
		expect(working.filter((node) => !named.includes(node.name))).toEqual([]);
	});

	test('is explained by notes, and nothing on the canvas hides something else', () => {
		const boxes = working.map((node) => ({ name: node.name, box: boxOf(node) }));

		expect(String(stickies[0]?.parameters.content)).toMatch(/^## .+[^]*\*\*To set it up\*\*/);
		for (const { name: one, box } of boxes) {
			const others = boxes.filter(({ name: other }) => other !== one);
			expect([one, others.filter((other) => overlap(box, other.box))]).toEqual([one, []]);
			expect([one, stickies.some((sticky) => isInside(box, boxOf(sticky)))]).toEqual([one, true]);
		}
		for (const sticky of stickies) {
			const others = stickies.filter((other) => other !== sticky);
			expect(others.filter((other) => overlap(boxOf(sticky), boxOf(other)))).toEqual([]);
		}
	});
});
