import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestOptions,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { ICredentialsHelper, NodeHelpers, Workflow } from 'n8n-workflow';

import { Credentials } from 'n8n-core';

import { withIsolate } from './isolate';
import { KnownNodeTypes, placeholderNode, placeholderNodeType } from './nodeTypes';
import { oAuth2Api } from './oAuth2Api';

export type CredentialData = ICredentialDataDecryptedObject;

/** What the engine asked of a stored credential, in the order it asked. */
export interface CredentialEvent {
	readonly kind: 'read' | 'readRaw' | 'save' | 'saveToken';
	readonly id: string;
}

/** The database of credentials: id to data. Hand the same store to two runs and the second finds the token. */
export class CredentialStore {
	readonly log: CredentialEvent[] = [];

	private readonly rows = new Map<string, CredentialData>();
	private readonly everSecret = new Set<string>();

	constructor(rows: Readonly<Record<string, CredentialData>> = {}) {
		for (const [id, data] of Object.entries(rows)) this.write(id, data);
	}

	/** @throws when no credential of that id was given. */
	read(id: string): CredentialData {
		const row = this.rows.get(id);
		if (!row) throw new Error(`No credential with the id "${id}" was given to this run`);
		return structuredClone(row);
	}

	write(id: string, data: CredentialData): void {
		this.rows.set(id, structuredClone(data));
		for (const secret of secretsOf(data)) this.everSecret.add(secret);
	}

	/** Secrets, tokens and lines of private keys that were ever stored here, those too short to be told apart left out. */
	secrets(): readonly string[] {
		return [...this.everSecret];
	}

	/** How often something of that kind happened. */
	count(kind: CredentialEvent['kind']): number {
		return this.log.filter((event) => event.kind === kind).length;
	}
}

/** n8n takes these from the declaration, never from what is stored, where the type declares them hidden. */
const PINNED_WHEN_HIDDEN: readonly string[] = [
	'useDynamicClientRegistration',
	'authUrl',
	'accessTokenUrl',
	'grantType',
	'authentication',
	'usePkce',
	'scope',
];

/** The server adds these to every credential type that signs requests. */
const DOMAIN_RULE: INodeProperties[] = [
	{
		displayName: 'Allowed HTTP Request Domains',
		name: 'allowedHttpRequestDomains',
		type: 'options',
		options: [
			{ name: 'All', value: 'all' },
			{ name: 'Specific Domains', value: 'domains' },
			{ name: 'None', value: 'none' },
		],
		default: 'all',
	},
	{
		displayName: 'Allowed Domains',
		name: 'allowedDomains',
		type: 'string',
		default: '',
		displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
	},
];

/**
 * Answers the engine's questions about credentials as the server does, from memory: inherited properties,
 * defaults, hidden fields pinned to their declaration, `$self` expressions, tokens kept for the next request.
 * Only OAuth2 credentials are answered for; the engine signs their requests itself.
 */
export class InMemoryCredentialsHelper extends ICredentialsHelper {
	private readonly types: ReadonlyMap<string, ICredentialType>;

	constructor(
		types: readonly ICredentialType[],
		readonly store: CredentialStore,
	) {
		super();
		this.types = new Map([oAuth2Api, ...types].map((type) => [type.name, type]));
	}

	getParentTypes(name: string): string[] {
		const parents = this.type(name).extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		const type = this.type(credentialType);
		return !type.restrictToSupportedNodes || (type.supportedNodes ?? []).includes(nodeType);
	}

	getCredentialsProperties(name: string): INodeProperties[] {
		const merged: INodeProperties[] = [];
		for (const parent of this.type(name).extends ?? []) {
			NodeHelpers.mergeNodeProperties(merged, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(merged, this.type(name).properties);
		NodeHelpers.mergeNodeProperties(merged, DOMAIN_RULE);
		return merged;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		const credentials = new Credentials({ id: details.id, name: details.name }, type);
		await credentials.setData(this.store.read(idOf(details)));
		return credentials;
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode = 'internal',
		executeData?: IExecuteData,
		raw?: boolean,
		running?: ICredentialsExpressionResolveValues,
	): Promise<CredentialData> {
		const id = idOf(details);
		this.store.log.push({ kind: raw === true ? 'readRaw' : 'read', id });
		const stored = this.store.read(id);
		if (raw === true) return stored;
		const data = this.withDefaults(type, stored);
		return running === undefined ? await resolveAlone(data) : resolveWithin(running, data, mode, executeData);
	}

	async updateCredentials(
		details: INodeCredentialsDetails,
		_type: string,
		data: CredentialData,
	): Promise<void> {
		this.store.log.push({ kind: 'save', id: idOf(details) });
		this.store.write(idOf(details), data);
	}

	async updateCredentialsOauthTokenData(
		details: INodeCredentialsDetails,
		_type: string,
		data: CredentialData,
	): Promise<void> {
		const id = idOf(details);
		this.store.log.push({ kind: 'saveToken', id });
		this.store.write(id, { ...this.store.read(id), ...tokenOf(data) });
	}

	async authenticate(_data: CredentialData, typeName: string): Promise<IHttpRequestOptions> {
		throw new Error(
			`The credential type "${typeName}" does not extend oAuth2Api, which is all that is wired here`,
		);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	private type(name: string): ICredentialType {
		const type = this.types.get(name);
		if (!type) throw new Error(`No credential type "${name}" was given to this run`);
		return type;
	}

	private withDefaults(typeName: string, stored: CredentialData): INodeParameters {
		const properties = this.getCredentialsProperties(typeName);
		const hidden = new Set(properties.filter(({ type }) => type === 'hidden').map(({ name }) => name));
		const kept = Object.entries(stored).filter(
			([name]) => !(hidden.has(name) && PINNED_WHEN_HIDDEN.includes(name)),
		);
		const values = Object.fromEntries(kept) as INodeParameters;
		const withDefaults = NodeHelpers.getNodeParameters(properties, values, true, false, null, null) ?? {};
		return { ...withDefaults, ...tokenOf(stored) } as INodeParameters;
	}
}

/** Evaluates in the isolate of the running workflow, as the server does for every request of a node. */
function resolveWithin(
	{
		connectionInputData,
		itemIndex,
		node,
		runExecutionData,
		runIndex,
		workflow,
	}: ICredentialsExpressionResolveValues,
	data: INodeParameters,
	mode: WorkflowExecuteMode,
	executeData: IExecuteData | undefined,
): CredentialData {
	return workflow.expression.getParameterValue(
		data,
		runExecutionData,
		runIndex,
		itemIndex,
		node.name,
		connectionInputData,
		mode,
		{},
		executeData,
		false,
		data,
	) as CredentialData;
}

/** Evaluates where no workflow runs: in the editor, and for a credential's test. */
async function resolveAlone(data: INodeParameters): Promise<CredentialData> {
	const { expression } = new Workflow({
		nodes: [placeholderNode],
		connections: {},
		active: false,
		nodeTypes: new KnownNodeTypes({ [placeholderNode.type]: placeholderNodeType }),
	});
	return (await withIsolate(expression, async () =>
		expression.getComplexParameterValue(placeholderNode, data, 'internal', {}, undefined, undefined, data),
	)) as CredentialData;
}

function idOf(details: INodeCredentialsDetails): string {
	if (!details.id) throw new Error(`The credential "${details.name}" is named by a node without its id`);
	return details.id;
}

const tokenOf = ({ oauthTokenData }: CredentialData): CredentialData =>
	oauthTokenData === undefined ? {} : { oauthTokenData };

const SECRET_FIELDS = /^(?:clientSecret|privateKey|access_?token|refresh_?token|id_?token)$/i;
const SHORTEST_SECRET = 12;

function secretsOf(data: object): readonly string[] {
	return Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
		if (typeof value === 'object' && value !== null) return secretsOf(value);
		if (typeof value !== 'string' || !SECRET_FIELDS.test(name)) return [];
		return value.split('\n').filter((line) => line.length >= SHORTEST_SECRET);
	});
}
