/** People with every kind of trouble in an environment over HTTP, and reading them. */

import { readPeople, type Identify, type ReadPeopleOptions } from '../../../core/people/readPeople';
import type { Roster } from '../../../core/accounting/roster';
import { idOf, useEnvironment, type Environment } from './environment';

export const BY_EMAIL: Identify = { by: 'email' };
/** The n-th contact of the environment's own. */
export const contact = (n: number) => idOf(n, 'c0000000');
export const CHILD_UNIT_CONTACT = contact(10);

export const statuses = (roster: Roster) =>
	Array.from({ length: roster.rows }, (_, row) => roster.rowAt(row).status);
/** Everything but the people who have not been sent yet. */
export const oddOnes = (roster: Roster) => [...roster.exceptions()].filter(({ code }) => code !== 'notSent');
export const codes = (roster: Roster) => oddOnes(roster).map(({ row, code }) => [row, code]);

type Read = (
	rows: Iterable<unknown>,
	identify?: Identify,
	options?: Partial<ReadPeopleOptions>,
) => Promise<Roster>;

export function usePeople(): { readonly environment: Environment; readonly read: Read } {
	const environment = useEnvironment({ contacts: 2_000, leads: 30 });
	beforeAll(() => {
		const person = (n: number, columns: Record<string, unknown>) => ({
			contactid: idOf(n),
			lastname: 'Test',
			statecode: 0,
			statuscode: 1,
			...columns,
		});
		environment.emulator.control.seed({
			rows: {
				contacts: [
					person(1, { emailaddress1: 'twin@example.com', createdon: '2025-01-01T00:00:00Z' }),
					person(2, { emailaddress1: 'Twin@Example.com', createdon: '2026-01-01T00:00:00Z' }),
					person(3, { emailaddress1: 'retired@example.com', statecode: 1, statuscode: 2 }),
					person(4, { emailaddress1: 'a_b@example.com' }),
					person(5, { emailaddress1: 'axb@example.com' }),
					person(6, { emailaddress1: 'c%d@example.com', donotbulkemail: true }),
					person(7, { emailaddress1: 'o\'brien"&+#@example.com' }),
					person(8, { emailaddress1: 'x[1]@example.com' }),
					person(9, { emailaddress1: 'x1@example.com' }),
					person(10, { emailaddress1: 'trio@example.com', externaluseridentifier: 'C-100' }),
					person(11, { emailaddress1: 'trio@example.com' }),
					person(12, { emailaddress1: 'trio@example.com', statecode: 1, statuscode: 2 }),
				],
			},
		});
	});
	beforeEach(() => {
		environment.emulator.control.clearFaults();
		environment.emulator.control.clearLog();
	});
	const read: Read = async (rows, identify = BY_EMAIL, options = {}) =>
		await readPeople(rows, identify, { table: 'contact', client: environment.client(), ...options });
	return { environment, read };
}
