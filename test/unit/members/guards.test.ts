import { DataverseError } from '../../../core/dataverse/errors/errors';
import { countMembers } from '../../../core/accounting/report';
import { idOf } from './environment';
import { BY_EMAIL, CHILD_UNIT_CONTACT, contact, oddOnes, usePeople } from './people';

const { environment, read } = usePeople();

describe('a look-up that the service refuses', () => {
	const addresses = Array.from({ length: 8 }, (_, n) => `person${n + 40}@example.com`);

	test('for one of its values loses that row alone', async () => {
		environment.emulator.control.addFault({
			match: { path: 'person45@' },
			times: 0,
			effect: { kind: 'status', status: 400, code: '0x8004430C', message: 'Too much.' },
		});

		const roster = await read(addresses);

		expect(roster.people).toHaveLength(7);
		expect(oddOnes(roster)).toMatchObject([{ row: 6, outcome: 'undecided', code: '0x8004430C' }]);
	});

	test('for its length is halved', async () => {
		environment.emulator.control.addFault({ effect: { kind: 'status', status: 414 } });

		const roster = await read(addresses);

		expect(roster.people).toHaveLength(8);
		expect(environment.requests()).toHaveLength(3);
	});

	test('for a missing privilege ends the run', async () => {
		environment.emulator.control.addFault({ effect: { kind: 'status', status: 403, code: '0x80040220' } });

		await expect(read(addresses)).rejects.toMatchObject({ kind: 'forbidden' });
		expect(environment.requests()).toHaveLength(1);
	});
});

describe('guards', () => {
	test('block people by a column of their row, and name the column', async () => {
		const roster = await read(['c%d@example.com', 'a_b@example.com'], BY_EMAIL, {
			guards: { columns: [{ column: 'donotbulkemail', is: true }] },
		});

		expect(countMembers(roster)).toMatchObject({ matched: 2, people: 2, blocked: 1 });
		expect(oddOnes(roster)).toMatchObject([{ row: 1, id: idOf(6), code: 'blockedByColumn' }]);
		expect(oddOnes(roster)[0]?.reason).toContain('donotbulkemail');
	});

	test('block people of other business units, and name the unit', async () => {
		const unit = environment.emulator.control.rows('businessunits').find((row) => !row.parentbusinessunitid);
		const roster = await read(
			[CHILD_UNIT_CONTACT, contact(1)],
			{ by: 'id' },
			{
				guards: { businessUnits: [String(unit?.businessunitid).toUpperCase()] },
			},
		);

		const [blocked] = oddOnes(roster);
		const units = environment.emulator.control.rows('businessunits').map(({ name }) => `"${String(name)}"`);
		expect(roster.countPeople()).toMatchObject({ blocked: 1, notSent: 1 });
		expect(blocked).toMatchObject({ row: 1, outcome: 'blocked', code: 'otherBusinessUnit' });
		expect(units.some((name) => blocked?.reason.includes(name))).toBe(true);
	});

	test('with something that is no column or no unit are refused before any request', async () => {
		const bad = [{ columns: [{ column: 'a b', is: 1 }] }, { businessUnits: ['Sales'] }];
		for (const guards of bad)
			await expect(read(['x@y'], BY_EMAIL, { guards })).rejects.toThrow(DataverseError);
		expect(environment.requests()).toHaveLength(0);
	});
});
