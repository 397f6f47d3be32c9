import type { TableDefinition } from '../../../emulator/contracts';
import { ServiceFault } from '../../../emulator/contracts';
import {
	accountId,
	contactId,
	createStore,
	leadId,
	seedPeople,
	standardIds,
	standardTables,
} from '../../../emulator/data';
import { dataService } from './support';

const clock = { now: () => Date.UTC(2026, 0, 1) };

describe('the store', () => {
	it('undoes everything that a failed unit has written, also what an inner unit had finished', () => {
		const { store, found } = dataService({ contacts: 3 });
		const contacts = store.table('contact');
		const before = contacts.get(contactId(0));
		expect(() =>
			store.atomically(() => {
				contacts.insert({ lastname: 'Gone' });
				store.atomically(() => contacts.patch(contactId(0), { emailaddress1: 'x@example.com' }));
				contacts.remove(contactId(1));
				throw new Error('stop');
			}),
		).toThrow('stop');
		expect(contacts.size).toBe(3);
		expect(contacts.get(contactId(0))).toEqual(before);
		expect(contacts.get(contactId(1))).toBeDefined();
		expect([...contacts.rows()]).toHaveLength(3);
		expect(found('contacts', 'contactid', "emailaddress1 eq 'x@example.com'")).toEqual([]);
	});

	it('keeps what was written when an inner unit fails and the outer one goes on', () => {
		const { store } = dataService({ contacts: 1 });
		store.atomically(() => {
			store.table('contact').patch(contactId(0), { jobtitle: 'Kept' });
			expect(() =>
				store.atomically(() => {
					store.table('contact').patch(contactId(0), { jobtitle: 'Lost' });
					throw new Error('stop');
				}),
			).toThrow('stop');
		});
		expect(store.table('contact').get(contactId(0))?.jobtitle).toBe('Kept');
	});

	it('finds rows by changed and new values after an index exists', () => {
		const { send, found } = dataService({ contacts: 5 });
		const byEmail = (email: string) => found('contacts', 'contactid', `emailaddress1 eq '${email}'`);
		expect(byEmail('person3@example.com')).toEqual([contactId(3)]);
		send('PATCH', `contacts(${contactId(4)})`, { emailaddress1: 'person3@example.com' });
		send('PATCH', `contacts(${contactId(1)})`, { emailaddress1: 'Person3@example.com' });
		expect(byEmail('PERSON3@example.com')).toEqual([contactId(1), contactId(3), contactId(4)]);
		send('DELETE', `contacts(${contactId(3)})`);
		expect(byEmail('person3@example.com')).toEqual([contactId(1), contactId(4)]);
		expect(byEmail('person4@example.com')).toEqual([]);
	});

	it('answers a second row of the same id with 412 and takes the id again after a delete', () => {
		const contacts = dataService({ contacts: 1 }).store.table('contact');
		expect(() => contacts.insert({ contactid: contactId(0) })).toThrow(ServiceFault);
		contacts.remove(contactId(0));
		expect(contacts.insert({ contactid: contactId(0), lastname: 'Back' }).lastname).toBe('Back');
		expect([...contacts.rows()]).toHaveLength(1);
	});

	it('runs hooks inside the unit: a hook that throws leaves nothing behind', () => {
		const calls: string[] = [];
		const noted = (name: string, refuse?: string) => () => {
			calls.push(name);
			if (refuse === name) throw new ServiceFault(400, '0x80040265', 'No.');
		};
		const hooked = (refuse?: string): TableDefinition => ({
			logicalName: 'thing',
			schemaName: 'Thing',
			entitySetName: 'things',
			displayName: 'Thing',
			primaryKey: 'thingid',
			primaryName: 'name',
			columns: [
				{ name: 'thingid', displayName: 'Thing', type: 'guid' },
				{ name: 'name', displayName: 'Name', type: 'string' },
			],
			hooks: {
				beforeCreate: noted('beforeCreate', refuse),
				afterCreate: noted('afterCreate', refuse),
				beforeUpdate: noted('beforeUpdate', refuse),
				afterUpdate: noted('afterUpdate', refuse),
				beforeDelete: noted('beforeDelete', refuse),
				beforeRead: noted('beforeRead', refuse),
			},
		});
		const refusing = dataService({ tables: [...standardTables, hooked('afterCreate')] });
		expect(refusing.send('POST', 'things', { name: 'a' }).status).toBe(400);
		expect(refusing.store.table('thing').size).toBe(0);
		calls.length = 0;
		const { send } = dataService({ tables: [...standardTables, hooked()] });
		const id = standardIds.currency;
		send('PATCH', `things(${id})`, { name: 'a' });
		send('PATCH', `things(${id})`, { name: 'b' });
		send('DELETE', `things(${id})`);
		expect(calls.filter((name) => name !== 'beforeRead')).toEqual([
			'beforeCreate',
			'afterCreate',
			'beforeUpdate',
			'afterUpdate',
			'beforeDelete',
		]);
		expect(calls).toContain('beforeRead');
	});
});

describe('seeded people', () => {
	const store = createStore(standardTables, clock);
	seedPeople(store, { contacts: 1_000_000, leads: 10, accounts: 10 });

	it('are always the same, up to a million, under ids that can be derived', () => {
		expect(store.table('contact').size).toBe(1_000_000);
		expect(store.table('contact').get(contactId(999_999).toUpperCase())?.contactid).toBe(contactId(999_999));
		expect(store.table('contact').get(contactId(1_000_000))).toBeUndefined();
		expect(store.table('lead').get(leadId(9))?.emailaddress1).toBe('lead9@example.net');
		expect(store.table('account').get(accountId(9))?.accountnumber).toBe('ACC-000009');
		const again = createStore(standardTables, clock);
		seedPeople(again, { contacts: 50 });
		expect(again.table('contact').get(contactId(42))?.fullname).toBe(
			store.table('contact').get(contactId(42))?.fullname,
		);
	});

	it('hold the letters, gaps and doubles that trip clients', () => {
		const people = Array.from({ length: 1000 }, (_, n) => store.table('contact').get(contactId(n)) ?? {});
		const names = people.map((row) => String(row.fullname)).join('\n');
		for (const part of ["'", '&', '<', '"', '%', '_', '[', 'é', '王']) expect(names).toContain(part);
		const emails = people.map((row) => row.emailaddress1).filter((email) => email !== null);
		expect(emails.length).toBeLessThan(1000);
		expect(new Set(emails).size).toBeLessThan(emails.length);
		expect(new Set(people.map((row) => row.owningbusinessunit)).size).toBe(3);
		expect(new Set(people.map((row) => row.address1_city)).size).toBeGreaterThan(5);
		expect(people.filter((row) => row.statecode === 1)).toHaveLength(50);
	});

	it('can be added to later without touching what is there', () => {
		const small = createStore(standardTables, clock);
		seedPeople(small, { contacts: 2 });
		small.table('contact').patch(contactId(1), { jobtitle: 'Mine' });
		seedPeople(small, { contacts: 5 });
		expect(small.table('contact').size).toBe(5);
		expect(small.table('contact').get(contactId(1))?.jobtitle).toBe('Mine');
	});
});
