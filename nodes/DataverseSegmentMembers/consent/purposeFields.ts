/** Purpose, topics and channel: the fields, their lists, and what they mean in the environment. */

import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { DataverseClient } from '../../../core/dataverse/client';
import { readConsentFeatures, type ConsentFeatures } from '../../../core/people/consent/consentFeatures';
import {
	findPurpose,
	findTopic,
	purposeName,
	purposeValue,
	readPurposes,
	readTopics,
} from '../../../core/people/consent/purposes';
import { MODEL_NAMES } from '../../../core/people/consent/consentReasons';
import type { Channel, PurposeOfProfile, Topic } from '../../../core/people/consent/types';
import { CHOOSE_ONE, CHOOSE_SEVERAL, forEditor, listFrom } from '../../shared/editorList';
import { readChoice, readText, readTexts } from '../../shared/read';

export const purposeField: INodeProperties = {
	displayName: 'Purpose',
	name: 'purpose',
	type: 'options',
	typeOptions: listFrom('getPurposes'),
	default: '',
	required: true,
	description: CHOOSE_ONE,
	hint: 'Consent belongs to an address, a channel and a purpose; the purpose is that of the messages you send.',
};

export const topicField: INodeProperties = {
	displayName: 'Topic',
	name: 'topic',
	type: 'options',
	typeOptions: listFrom('getTopicOrNone', 'purpose'),
	default: '',
	description: CHOOSE_ONE,
	hint: 'Topic of the messages; No Topic for messages without one',
};

export const topicsField: INodeProperties = {
	displayName: 'Topics',
	name: 'topics',
	type: 'multiOptions',
	typeOptions: listFrom('getTopics', 'purpose'),
	default: [],
	description: `Topics to record consent for. An opt-in is recorded for the purpose as well; an opt-out does not affect the purpose. Without topics, consent is recorded for the purpose. ${CHOOSE_SEVERAL}.`,
};

export const sourceField: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'string',
	default: 'n8n',
	placeholder: 'e.g. Sign-up sheet of the spring fair',
	description: 'Where the consent comes from, in your words; kept with the record as its reason description',
};

export const overruleOptOuts: INodeProperties = {
	displayName: 'Overrule Opt-Outs',
	name: 'overruleOptOuts',
	type: 'boolean',
	default: true,
	description:
		'Whether an opt-in replaces an opt-out that is on record. Turn it on only when the people themselves opted in again.',
};

export const channelOption: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'options',
	default: 'email',
	options: [
		{ name: 'Custom', value: 'custom', description: 'A channel of your own; the address is any text' },
		{ name: 'Email', value: 'email' },
		{
			name: 'Text Message',
			value: 'text',
			description: 'The address is an international phone number with a plus sign',
		},
		{
			name: 'Voice',
			value: 'voice',
			description: 'The address is an international phone number with a plus sign',
		},
	],
	description: 'Where the messages go; consent is kept separately for each channel',
};

/** @throws DataverseError `invalidInput` for a value by expression that is no channel */
export function readChannel(functions: IExecuteFunctions, itemIndex: number): Channel {
	return readChoice(functions, 'options.channel', itemIndex, ['email', 'text', 'voice', 'custom']);
}

/** What the environment says about purposes, topics and switches; each is asked for once a run. */
export class ConsentBook {
	private purposes: Promise<readonly PurposeOfProfile[]> | undefined;
	private readonly topics = new Map<string, Promise<readonly Topic[]>>();
	private switches: Promise<ConsentFeatures> | undefined;

	constructor(private readonly client: DataverseClient) {}

	/** @throws DataverseError `invalidInput` when the text fits no purpose, or several */
	async purposeOf(functions: IExecuteFunctions, itemIndex: number): Promise<PurposeOfProfile> {
		const text = readText(functions, 'purpose', itemIndex);
		this.purposes ??= readPurposes(this.client);
		return findPurpose(await this.purposes, text);
	}

	/** @throws DataverseError `invalidInput` when a text fits no topic of the purpose, or several */
	async topicsOf({ purpose }: PurposeOfProfile, texts: readonly string[]): Promise<readonly Topic[]> {
		const wanted = texts.filter((text) => text.trim() !== '');
		if (wanted.length === 0) return [];
		const known = this.topics.get(purpose.id) ?? readTopics(this.client, purpose.id);
		this.topics.set(purpose.id, known);
		const topics = await known;
		return [...new Set(wanted.map((text) => findTopic(topics, text, purpose)))];
	}

	/**
	 * The switches of the environment that decide what its records of consent mean; unknown where the table is missing or may not be read.
	 * @throws DataverseError when the read fails otherwise
	 */
	async features(): Promise<ConsentFeatures> {
		this.switches ??= readConsentFeatures(this.client);
		return await this.switches;
	}
}

/** Topics as they were chosen or written: names or IDs. */
export const readTopicTexts = (functions: IExecuteFunctions, itemIndex: number): readonly string[] =>
	readTexts(functions, 'topics', itemIndex);

/** The purposes of the environment, each in its profile. */
export async function getPurposes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) =>
		(await readPurposes(client)).map((choice) => ({
			name: purposeName(choice),
			value: purposeValue(choice),
			description: `Email: ${MODEL_NAMES[choice.purpose.models.email]}; text message: ${MODEL_NAMES[choice.purpose.models.text]}`,
		})),
	);
}

/** The topics of the purpose that is chosen in the editor. */
export async function getTopics(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const text = String(this.getCurrentNodeParameter('purpose') ?? '');
		if (text.trim() === '') return [];
		const { purpose } = findPurpose(await readPurposes(client), text);
		return (await readTopics(client, purpose.id)).map(({ id, name }) => ({ name, value: id }));
	});
}

/** The same for a field with one value: n8n marks an empty value that the list does not have, and cannot clear a chosen one. */
export async function getTopicOrNone(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return [{ name: 'No Topic', value: '' }, ...(await getTopics.call(this))];
}
