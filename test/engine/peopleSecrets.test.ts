/** Creating people and recording consent against a service that says everything back: the harness looks for addresses. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { FaultEffect } from '../../emulator/contracts';
import { REAL_TIME, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 20 });
});
afterAll(async () => await world.close());
afterEach(() => world.control.clearFaults());

const PURPOSE = { purpose: 'Default › Commercial' } as const;
const CREATE = { identifyBy: 'email', emailField: 'email', ifNobodyMatches: 'createContact' } as const;
const DELIVERY = { resource: REAL_TIME } as const;

const JOBS: readonly (readonly [string, INodeParameters])[] = [
	['creating people', { ...DELIVERY, operation: 'add', ...CREATE }],
	['updating people', { ...DELIVERY, operation: 'add', ...CREATE, alsoUpdateMatchedPeople: true }],
	['checking consent', { ...DELIVERY, operation: 'add', ...CREATE, consent: 'leaveOut', ...PURPOSE }],
	['recording opt-ins', { ...DELIVERY, operation: 'add', ...CREATE, consent: 'recordOptIns', ...PURPOSE }],
	[
		'recording opt-outs',
		{
			...DELIVERY,
			operation: 'remove',
			identifyBy: 'email',
			emailField: 'email',
			recordOptOuts: true,
			...PURPOSE,
		},
	],
	[
		'recording consent',
		{
			resource: 'consent',
			operation: 'recordConsent',
			addressField: 'email',
			consentValue: 'optedIn',
			...PURPOSE,
		},
	],
	[
		'recording consent of a list',
		{
			resource: 'consent',
			operation: 'recordConsent',
			peopleFrom: 'list',
			addresses: '={{ $json.email }}',
			...PURPOSE,
		},
	],
];

const STATUS = { plain: 400, encoded: 403, escaped: 412, fullWidth: 400 } as const;
const echoed = (echo: keyof typeof STATUS): FaultEffect => ({
	kind: 'status',
	status: STATUS[echo],
	code: '0x80040265',
	message: 'Refused:',
	echo,
});
/** What is hit, and how it says things back. */
const PLACES = [
	{
		where: 'reads of people and consent',
		match: { path: '/(contacts|msdynmkt_contactpointconsent4s)\\?' },
		spellings: ['plain', 'escaped'],
	},
	{
		where: 'rows of batches',
		match: { path: '/(contacts|msdynmkt_contactpointconsent4s)\\b', part: true },
		spellings: ['encoded', 'fullWidth'],
	},
	{ where: 'batches', match: { path: '\\$batch' }, spellings: ['plain', 'fullWidth'] },
] as const;

describe.each(JOBS)('%s', (_job, parameters) => {
	const cases = PLACES.flatMap(({ match, spellings, where }) =>
		spellings.map((echo) => ({ match, where, echo })),
	);

	test.each(cases)('repeats nothing that $where say back ($echo)', async ({ match, echo }) => {
		const isDelivery = parameters.resource === REAL_TIME;
		const known = {
			contactid: crypto.randomUUID(),
			emailaddress1: `k${crypto.randomUUID()}@example.org`,
			statecode: 0,
		};
		world.control.seed({ rows: { contacts: [known] } });
		world.control.addFault({ match, times: 0, effect: echoed(echo) });
		const items: INodeExecutionData[] = [
			{ json: { email: `n${crypto.randomUUID()}@example.org`, lastname: 'Secret' } },
			{ json: { email: known.emailaddress1, lastname: 'Secret' } },
		];

		// The harness throws where an address or a token stands in a hint, a log, an error, or a reason.
		const result = await world.members(
			{
				...parameters,
				...(isDelivery ? { segment: byId(seedRealTime(world)) } : {}),
				report: 'oneItemPerRow',
				options: isDelivery ? { delivery: { giveUpAfter: 0.05 } } : { giveUpAfter: 0.05 },
			},
			items,
			{ onError: 'continueRegularOutput' },
		);

		const told = result.branches.flatMap((branch) => (branch ?? []).map(({ json }) => json));
		const words = told.flatMap((json) => wordsIn(json)).join(' ');
		expect(words).not.toMatch(/example\.org|example%2e|Secret/i);
	});
});

/** Every reason and remedy in an item. */
function wordsIn(json: IDataObject): readonly string[] {
	return Object.entries(json).flatMap(([key, value]): readonly string[] => {
		if (typeof value === 'object' && value !== null) return wordsIn(value as IDataObject);
		return ['error', 'reason', 'remedy'].includes(key) ? [String(value)] : [];
	});
}
