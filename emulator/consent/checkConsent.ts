import type { ActionHandler, Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { channelNames, decideConsent } from './sender';

export const CHECK_CONSENT = 'msdynmkt_checkconsent';

/**
 * The custom API behind the tool "Check consent". The tool's inputs are published, the parameters of the API are not: the
 * switch `checkConsentNames` says whether it is there and takes the tool's names or others.
 */
export const checkConsent: ActionHandler = (parameters, context) => {
	const names = context.assumption('checkConsentNames');
	if (names === 'absent') {
		throw new ServiceFault(404, '0x80060888', `Resource not found for the segment '${CHECK_CONSENT}'.`);
	}
	const read = names === 'guessed' ? readTool(parameters) : readOther(parameters);
	return { kind: 'outputs', outputs: answer(read, context) };
};

export const toolInputs = [
	'channelType',
	'purposeId',
	'topicId',
	'contactPoint',
	'owningBusinessUnitId',
	'complianceSettingsId',
];

/** Names of the contract for consent providers, which may be its sister. */
export const otherInputs = [
	'channeltype',
	'purpose',
	'topic',
	'contactpoint',
	'owningbusinessunit',
	'complianceprofile',
];

interface Question {
	readonly channel: string;
	readonly address: string;
	readonly purposeId: string;
	readonly topicId: string;
	readonly profileId: string;
}

function readTool(parameters: Row): Question {
	const [channel = '', purposeId = '', topicId = '', address = '', , profileId = ''] = texts(
		parameters,
		toolInputs,
	);
	return { channel, purposeId, topicId, address, profileId };
}

function readOther(parameters: Row): Question {
	const [channel = '', purposeId = '', topicId = '', address = '', , profileId = ''] = texts(
		parameters,
		otherInputs,
	);
	return { channel, purposeId, topicId, address, profileId };
}

function texts(parameters: Row, names: readonly string[]): readonly string[] {
	const stranger = Object.keys(parameters).find((name) => !names.includes(name));
	if (stranger !== undefined) {
		throw new ServiceFault(
			400,
			'0x80048d19',
			`The parameter '${stranger}' in the request payload is not a valid parameter for the operation '${CHECK_CONSENT}'.`,
		);
	}
	return names.map((name) => {
		const value = parameters[name] ?? '';
		if (typeof value === 'string') return value;
		throw new ServiceFault(400, '0x80048d19', `The parameter '${name}' is a text.`);
	});
}

function answer({ channel, address, purposeId, topicId, profileId }: Question, context: ServiceContext): Row {
	const value = channelNames[channel.toLowerCase()];
	if (value === undefined) throw new ServiceFault(400, '0x80040265', `There is no channel '${channel}'.`);
	const decision = decideConsent(
		{
			address,
			channel: value,
			purposeId: purposeId.toLowerCase(),
			...(topicId && { topicId: topicId.toLowerCase() }),
			...(profileId && { profileId: profileId.toLowerCase() }),
		},
		context,
	);
	if (decision === undefined) return { decision: 'Unknown', reason: 'ConsentProvider' };
	return { decision: decision.sent ? 'Allowed' : 'Denied', reason: decision.reason };
}
