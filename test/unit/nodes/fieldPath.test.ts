import fc from 'fast-check';

import { fieldOfItems, fieldReader } from '../../../nodes/shared/fieldPath';

/** What n8n's editor writes into a field that takes a name, for a value at these keys. */
function dragged(keys: readonly (number | string)[]): string {
	const path = keys.reduce<string>((before, key) => {
		if (typeof key === 'number') return `${before}[${key}]`;
		if (/^[a-zA-Z_$][a-zA-Z0-9_$]*$/.test(key)) return `${before}.${key}`;
		return `${before}['${key.replaceAll("'", "\\'")}']`;
	}, '');
	const inner = path.replace(/^\./, '');
	const isOneBracket = inner.startsWith('[') && !inner.slice(1).includes('[');
	if (!isOneBracket) return inner;
	const cut = inner.slice(1, -1);
	return /^'.*'$/s.test(cut) ? cut.slice(1, -1).replaceAll("\\'", "'") : cut;
}

function nested(keys: readonly (number | string)[]): unknown {
	const [first, ...rest] = keys;
	if (first === undefined) return 'the value';
	if (typeof first === 'string') return { other: 'x', [first]: nested(rest) };
	return [...Array.from({ length: first }, () => 'x'), nested(rest)];
}

describe('a field of an item', () => {
	test.each([
		["['E-Mail-Adr.']", { 'E-Mail-Adr.': 'a' }],
		['E-Mail-Adr.', { 'E-Mail-Adr.': 'a' }],
		["contact['Kd.-Nr.']", { contact: { 'Kd.-Nr.': 'a' } }],
		['["a b"]', { 'a b': 'a' }],
		["contact['it\\'s']", { contact: { "it's": 'a' } }],
		['contact["the \\"mail\\""]', { contact: { 'the "mail"': 'a' } }],
		["contact['x] y'].z", { contact: { 'x] y': { z: 'a' } } }],
		["contact['x\\'] y']", { contact: { "x'] y": 'a' } }],
		["contact['path\\']", { contact: { 'path\\': 'a' } }],
		[' Full Name', { ' Full Name': 'a', 'Full Name': 'b' }],
		['Full Name ', { 'Full Name ': 'a', 'Full Name': 'b' }],
		[' email ', { email: 'a' }],
		[' contact.email ', { contact: { email: 'a' } }],
		['mails[1].address', { mails: [{ address: 'x' }, { address: 'a' }] }],
		['mails[ 1 ]', { mails: ['x', 'a'] }],
		["['mails'][0]", { mails: ['a'] }],
		['a.b', { 'a.b': 'a', a: { b: 'b' } }],
		['Tags [de]', { 'Tags [de]': 'a' }],
		['größe', { größe: 'a' }],
	])('is read by %j', (path, json) => {
		expect(fieldReader(path)(json)).toBe('a');
	});

	test('that is there and empty is not another one that is called nearly the same', () => {
		expect(fieldReader(' email')({ ' email': null, email: 'a' })).toBeNull();
	});

	test.each(['constructor', '__proto__', 'toString', 'a.b', 'list.length.x', '[', "['", '['])(
		'is nothing by %j where there is none',
		(path) => {
			expect(fieldReader(path)({ a: 'text', list: [] })).toBeUndefined();
		},
	);

	test.each([["['E-Mail'].text"], ["['it\\'s'].text"]])('is refused where n8n cuts it off: %s', (whole) => {
		expect(() => fieldReader(whole.slice(1, -1))).toThrow('when it was dragged');
	});

	test('is the one that was dragged, whatever it is called', () => {
		const name = fc.oneof(
			fc.string({ minLength: 1, maxLength: 8 }),
			fc.string({ unit: fc.constantFrom(...'a. \'"[]-$é'), minLength: 1, maxLength: 6 }),
		);
		// Two names that end with a backslash cannot be told from one with a bracket in it: n8n escapes no backslash.
		const key = name.filter((text) => !text.endsWith('\\') && !text.includes('\\"') && !text.includes("\\'"));
		fc.assert(
			fc.property(
				key,
				fc.array(fc.oneof(key, fc.integer({ min: 0, max: 3 })), { maxLength: 3 }),
				(top, more) => {
					const keys = [top, ...more];
					fc.pre(!/^'.*\]/s.test(dragged(keys)));
					fc.pre(!/^'.*\]/s.test(dragged(keys)));
					expect(fieldReader(dragged(keys))(nested(keys))).toBe('the value');
				},
			),
			{ numRuns: 2_000 },
		);
	});
});

describe('the field that a name means in some items', () => {
	const named = (path: string, ...rows: readonly object[]) => {
		const field = fieldOfItems(
			rows.map((json) => ({ json })),
			path,
		);
		return field && { name: field.name, values: rows.map((json) => field.valueIn(json)) };
	};

	test('is the one that is written like it, and no other in any item', () => {
		expect(named('email', { email: 'a' }, { Email: 'b' })).toEqual({
			name: 'email',
			values: ['a', undefined],
		});
		expect(named('email', { Email: 'b' }, { email: null })).toEqual({
			name: 'email',
			values: [undefined, null],
		});
	});

	test('may differ in capital letters, as a form writes it', () => {
		expect(named('email', { Name: 'x' }, { Email: 'a' })).toEqual({
			name: 'Email',
			values: [undefined, 'a'],
		});
		expect(named('E-Mail ', { 'e-mail': 'a' })).toEqual({ name: 'e-mail', values: ['a'] });
	});

	test('is not guessed where two fields differ in capital letters only', () => {
		expect(named('email', { Email: 'a', EMAIL: 'b' })).toBeUndefined();
		expect(named('email', { Email: 'a' }, { EMAIL: 'b' })).toBeUndefined();
		expect(named('email', { mail: 'a' })).toBeUndefined();
		expect(named('toString', {})).toBeUndefined();
	});
});
