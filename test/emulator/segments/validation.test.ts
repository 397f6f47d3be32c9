import { contactId } from '../../../emulator/data';
import { SOON, startOutbound, status, type, type Outbound } from './support';

let outbound: Outbound;

beforeAll(async () => {
	outbound = await startOutbound({ contacts: 10 });
});
afterEach(() => outbound.emulator.control.resetAssumptions());
afterAll(async () => await outbound.emulator.close());

const assume = (id: string, value: string) => outbound.emulator.control.setAssumption(id, value);
const later = (ms = SOON) => outbound.emulator.control.advanceClock(ms);
const patch = async (id: string, statuscode: number) =>
	await outbound.send('PATCH', `msdyncrm_segments(${id})`, { statuscode });

const dynamic = { msdyncrm_segmentname: 'London', msdyncrm_segmenttype: type.dynamic };
const inLondon = "PROFILE(contact).FILTER(address1_city == 'London')";
const notThere = 'PROFILE(UnknownEntity)';

describe('undocumented behaviour of rows follows its switch', () => {
	it('an update to GoingLive is validated or ends in status Error', async () => {
		const id = await outbound.create({ ...dynamic, msdyncrm_segmentquery: notThere });
		expect((await patch(id, status.goingLive)).status).toBe(400);
		assume('outboundValidationOnUpdate', 'notValidated');
		expect((await patch(id, status.goingLive)).status).toBe(204);
		later();
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.error });
	});

	it.each([
		['pluginMessage', '0x80040265', 'SegmentDciValidator_SegmentInvalid'],
		['validationArray', '0x80040265', '"FieldName":"msdyncrm_query"'],
		['plainText', undefined, 'Segment validation failed.'],
	])('the 400 of a failed validation as %s', async (value, code, words) => {
		assume('outboundGoLiveRefusal', value);
		const reply = await outbound.send('POST', 'msdyncrm_segments', {
			...dynamic,
			msdyncrm_segmentquery: notThere,
			statuscode: status.goingLive,
		});
		expect(reply).toMatchObject({ status: 400, code });
		expect(reply.message).toContain(words);
	});

	it('msdyncrm_query and msdyncrm_memberids on the table are refused as undeclared, or taken', async () => {
		const body = { ...dynamic, msdyncrm_query: inLondon };
		const refused = await outbound.send('POST', 'msdyncrm_segments', body);
		expect(refused).toMatchObject({ status: 400, code: '0x80048d19' });
		expect(refused.message).toContain("'msdyncrm_query'");
		assume('outboundTableQueryColumn', 'accepted');
		const row = await outbound.row(await outbound.create(body));
		expect(row.msdyncrm_segmentquery).toBe(inLondon);
		expect(row).not.toHaveProperty('msdyncrm_query');
		const members = JSON.stringify([contactId(3)]);
		const id = await outbound.create({
			...dynamic,
			msdyncrm_segmenttype: type.static,
			msdyncrm_memberids: members,
		});
		expect(outbound.members(id)).toEqual([contactId(3)]);
	});

	it('first members need the prefix crm where it is required', async () => {
		assume('outboundMemberPrefix', 'required');
		const body = (id: string) => ({
			...dynamic,
			msdyncrm_segmenttype: type.static,
			msdyncrm_segmentmemberids: JSON.stringify([id]),
		});
		expect((await outbound.send('POST', 'msdyncrm_segments', body(contactId(1)))).status).toBe(400);
		expect((await outbound.send('POST', 'msdyncrm_segments', body(`crm${contactId(1)}`))).status).toBe(204);
	});
});

describe('validation', () => {
	const validate = async (parameters: object) =>
		await outbound.send('POST', 'msdyncrm_ValidateSegment', parameters);
	const invalid = '[{"ErrorCode":"SegmentDciValidator_SegmentInvalid","FieldName":"msdyncrm_query"}]';

	it.each([
		['a good query', { msdyncrm_segmentquery: inLondon }, '[]'],
		['a good query under its old name', { msdyncrm_query: inLondon }, '[]'],
		['an unknown entity', { msdyncrm_segmentquery: notThere, statuscode: status.goingLive }, invalid],
		['text that is no query', { msdyncrm_segmentquery: 'PROFILE(' }, invalid],
		['a static segment', { msdyncrm_segmenttype: type.static }, '[]'],
	])('answers 200 for %s', async (_, parameters, result) => {
		const reply = await validate({ ...dynamic, statuscode: status.draft, ...parameters });
		expect(reply).toMatchObject({ status: 200, body: { ValidationResult: result } });
	});

	it('leaves drafts alone where they are skipped', async () => {
		assume('outboundValidateDrafts', 'skipped');
		expect((await validate({ ...dynamic, msdyncrm_segmentquery: notThere })).body.ValidationResult).toBe(
			'[]',
		);
		const goingLive = { ...dynamic, msdyncrm_segmentquery: notThere, statuscode: status.goingLive };
		expect((await validate(goingLive)).body.ValidationResult).toBe(invalid);
	});

	it('says so when it cannot judge a query, and refuses parameters that are not columns', async () => {
		const interaction = await validate({
			...dynamic,
			msdyncrm_segmentquery: 'INTERACTION(A, B).HAVING(COUNT() > 0)',
		});
		expect(interaction).toMatchObject({
			status: 400,
			message: expect.stringContaining('INTERACTION(A, B)') as string,
		});
		expect((await validate({ nothing: 1 })).message).toContain("'nothing'");
	});
});
