import { DataverseClient } from '../../core/dataverse/client';
import { Environment, isTestEnvironment, readFeatures, type FeatureState } from '../../core/environment';
import { startEmulator, type Emulator } from '../../emulator';
import { HttpTransport } from '../support/httpTransport';
import { VirtualClock } from '../support/virtualClock';
import { bearer } from './web/support';

/** What the package learns from an environment, asked over HTTP. */

let emulator: Emulator;
let transport: HttpTransport;

beforeAll(async () => {
	emulator = await startEmulator();
	transport = new HttpTransport(await bearer(emulator));
});
afterAll(async () => {
	transport.close();
	await emulator.close();
});
beforeEach(() => {
	emulator.control.resetAssumptions();
	emulator.control.changeUser(emulator.clientId, { missingPrivileges: [], privilegeDepths: {} });
	emulator.control.clearLog();
});

const ask = () =>
	Environment.of(new DataverseClient({ environmentUrl: emulator.url, transport, clock: new VirtualClock() }));

const requests = () =>
	emulator.control
		.log({ batchParts: false })
		.map(({ path }) => path.replace(/^.*v9\.2\//, '').replace(/\?.*/, ''));

describe('actions', () => {
	it('are read with one request, however often they are asked for', async () => {
		const environment = ask();
		const [list, stop] = await Promise.all([
			environment.action('msdynmkt_ListGroupMembers'),
			environment.action('msdynmkt_StopSegments'),
		]);
		expect(requests()).toEqual(['customapis']);
		expect(list).toMatchObject({
			known: true,
			value: {
				inputs: [
					{ name: 'SegmentId', type: 'string', isOptional: false },
					{ name: 'GroupId', type: 'string', isOptional: false },
					{ name: 'PageNo', type: 'integer', isOptional: false },
					{ name: 'PageSize', type: 'integer', isOptional: false },
				],
				outputs: [{ name: 'Response', type: 'string' }],
			},
		});
		expect(stop).toMatchObject({
			value: { outputs: [{ name: 'summary' }, { name: 'stopSingleSegmentResults' }] },
		});
	});

	it.each([
		['customApiExpand', '400', 'customApisFlat'],
		['customApisReadable', '403', 'schema'],
	])('with %s = %s they are the same from another source', async (id, value, source) => {
		const direct = await ask().actions();
		emulator.control.setAssumption(id, value);
		const other = await ask().actions();
		if (!direct.known || !other.known) throw new Error('not known');
		expect(other.value.source).toBe(source);
		expect([...other.value.actions.values()].sort(byName)).toEqual(
			[...direct.value.actions.values()].sort(byName),
		);
	});

	it('a private one that no source shows is not known, and one that is not listed is known not to be there', async () => {
		emulator.control.setAssumption('realTimeSegmentStatus', '404');
		expect(await ask().action('msdynmkt_SegmentStatus')).toEqual({ known: true, value: undefined });
		emulator.control.setAssumption('customApisReadable', '403');
		emulator.control.setAssumption('segmentActionsPrivate', 'yes');
		expect(await ask().action('msdynmkt_MembersList')).toMatchObject({ known: false });
	});
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

describe('columns', () => {
	it('Expired is found by its English label, whatever its code', async () => {
		emulator.control.setAssumption('realTimeExpiredStatus', '12');
		expect(await ask().statusNamed('msdynmkt_segment', 'Expired')).toEqual({ known: true, value: 12 });
		emulator.control.setAssumption('realTimeExpiredStatus', '2');
		expect(await ask().statusNamed('msdynmkt_segment', 'Expired')).toEqual({ known: true, value: undefined });
	});

	it('transitions of outbound statuses are read, and whether they are enforced', async () => {
		const options = await ask().statusOptions('msdyncrm_segment');
		expect(options).toMatchObject({
			value: expect.arrayContaining([
				{ value: 192350002, state: 0, label: 'Stopped', transitions: [192350004, 192350006] },
			]),
		});
		const tables = await ask().tables(['msdyncrm_segment', 'msdynmkt_nothing']);
		if (!tables.known) throw new Error(tables.why);
		expect([...tables.value.keys()]).toEqual(['msdyncrm_segment']);
		expect(tables.value.get('msdyncrm_segment')?.enforcesTransitions).toBe(true);
	});

	it('the length of a query, and that a table is not there', async () => {
		emulator.control.setAssumption('realTimeQueryLength', '4000');
		const length = await ask().memoLength('msdynmkt_segmentdefinition', 'msdynmkt_segmentquery');
		expect(length).toEqual({ known: true, value: 4000 });
		expect(await ask().columns('msdynmkt_nothing')).toEqual({ known: true, value: undefined });
		expect(await ask().statusOptions('msdynmkt_nothing')).toEqual({ known: true, value: undefined });
	});
});

describe('rights', () => {
	it('come with one batch; an unknown name fails alone, under every status', async () => {
		emulator.control.changeUser(emulator.clientId, {
			missingPrivileges: ['prvWriteContact'],
			privilegeDepths: { prvReadContact: 'Deep' },
		});
		for (const status of ['404', '400', '500']) {
			emulator.control.setAssumption('unknownPrivilegeName', status);
			const rights = await ask().rights([
				'prvReadContact',
				'prvWriteContact',
				'prvReadnothing',
				'prvReadLead',
			]);
			if (!rights.known) throw new Error(rights.why);
			expect([...rights.value]).toEqual([
				['prvReadContact', { known: true, value: 'Deep' }],
				['prvWriteContact', { known: true, value: 'none' }],
				['prvReadnothing', { known: true, value: 'noSuchRight' }],
				['prvReadLead', { known: true, value: 'Global' }],
			]);
		}
		expect(requests().filter((path) => path === '$batch')).toHaveLength(3);
	});

	it.each([
		['prvReadSolution', 'solutions', (environment: Environment) => environment.solutions()],
		['prvReadOrganization', 'the organization', (environment: Environment) => environment.organization()],
		['prvReadEntityKey', 'the keys of contact', (environment: Environment) => environment.keys('contact')],
		['prvReadAttribute', 'columns of lead', (environment: Environment) => environment.columns('lead')],
	] as const)(
		'without %s the fact is not known, and says which right is missing',
		async (right, what, asked) => {
			emulator.control.changeUser(emulator.clientId, { missingPrivileges: [right] });
			expect(await asked(ask())).toEqual({
				known: false,
				why: `the user of this credential may not read ${what} (${right} is missing)`,
			});
		},
	);
});

it('a sandbox is a test environment, production and what is not known are none', async () => {
	expect(isTestEnvironment(await ask().organization())).toBe(true);
	const production = await startEmulator({ organizationType: 'Customer' });
	const there = new HttpTransport(await bearer(production));
	const client = new DataverseClient({
		environmentUrl: production.url,
		transport: there,
		clock: new VirtualClock(),
	});
	expect(isTestEnvironment(await Environment.of(client).organization())).toBe(false);
	expect(isTestEnvironment({ known: false, why: '' })).toBe(false);
	there.close();
	await production.close();
});

describe('features', () => {
	const stateOf = async (id: string): Promise<FeatureState> => {
		const findings = await readFeatures(ask());
		const found = findings.find(({ feature }) => feature.id === id);
		if (found === undefined) throw new Error(id);
		return found.finding;
	};

	it('work, with what a right does not reach', async () => {
		emulator.control.changeUser(emulator.clientId, { privilegeDepths: { prvReadContact: 'Local' } });
		expect(await stateOf('matchContacts')).toEqual({
			state: 'works',
			narrow: new Map([['prvReadContact', 'Local']]),
		});
	});

	it('name the right that is missing, and what is not installed', async () => {
		emulator.control.changeUser(emulator.clientId, { missingPrivileges: ['prvWritemsdynmkt_segment'] });
		expect(await stateOf('publish')).toMatchObject({ missing: ['prvWritemsdynmkt_segment'] });
		emulator.control.setAssumption('realTimeInstalled', 'no');
		expect(await stateOf('readSegments')).toEqual({
			state: 'notInstalled',
			absent: ['msdynmkt_segment', 'msdynmkt_segmentdefinition'],
		});
	});
});
