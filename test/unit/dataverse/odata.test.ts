import fc from 'fast-check';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { choicesPath, tableDefinitionPath } from '../../../core/environment/metadata';
import {
	and,
	containsText,
	encodeQuery,
	entityPath,
	eq,
	equalsText,
	IN_VALUES_LIMIT,
	isIn,
	literal,
	or,
	orderBy,
	queryString,
	startsWith,
} from '../../../core/dataverse/text/odata';
import { ID } from './setup';

/** Reads one quoted literal the way OData does, from its first quote to the one that is not doubled. */
function readLiteral(text: string): { value: string; rest: string } {
	expect(text[0]).toBe("'");
	for (let at = 1; at < text.length; at++) {
		if (text[at] !== "'") continue;
		if (text[at + 1] !== "'")
			return { value: text.slice(1, at).replaceAll("''", "'"), rest: text.slice(at + 1) };
		at++;
	}
	throw new Error('The literal does not end.');
}

describe('values', () => {
	it('of any text come out of their literal as they went in, and nothing is left behind it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(readLiteral(literal.string(text))).toEqual({ value: text, rest: '' });
			}),
		);
	});

	it('survive the trip through a URL', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				const query = queryString({ filter: eq('name', literal.string(text)), count: true });
				expect(query).toMatch(/^\?\$filter=[^&#'"<>\s]*&\$count=true$/);
				const filter = new URL(`https://x/${query}`).searchParams.get('$filter') ?? '';
				expect(readLiteral(filter.slice('name eq '.length))).toEqual({ value: text, rest: '' });
			}),
		);
	});

	it.each([
		["x' or 1 eq 1 or name eq 'x", "name eq 'x'' or 1 eq 1 or name eq ''x'"],
		["'; drop", "name eq '''; drop'"],
		['a&$expand=b', "name eq 'a&$expand=b'"],
	])('cannot add a condition: %s', (text, filter) => {
		expect(eq('name', literal.string(text))).toBe(filter);
	});

	it('are written as the service reads them', () => {
		expect(literal.guid(`{${ID.toUpperCase()}}`)).toBe(ID);
		expect(literal.integer(-5)).toBe('-5');
		expect(literal.boolean(false)).toBe('false');
		expect(literal.date(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
		expect(eq('a', literal.null)).toBe('a eq null');
	});

	it('of the wrong kind are refused', () => {
		for (const build of [
			() => literal.guid("' or 1 eq 1"),
			() => literal.integer(1.5),
			() => literal.integer(NaN),
			() => literal.date('yesterday'),
		]) {
			expect(build).toThrow(DataverseError);
		}
	});

	it('are compared both with and without the meaning of their wildcards', () => {
		expect(equalsText('a', '100%_[a]')).toBe("(a eq '100%_[a]') or (a eq '100[%][_][[]a]')");
		expect(equalsText('a', '100')).toBe("a eq '100'");
	});

	it('with half a surrogate pair do not break the URL', () => {
		expect(encodeQuery('a\ud800b')).toBe('a%EF%BF%BDb');
	});
});

describe('names', () => {
	it('are names and nothing else', () => {
		const legal = /^[A-Za-z_][A-Za-z0-9_]*$/;
		fc.assert(
			fc.property(
				fc.string().filter((text) => !legal.test(text)),
				(name) => {
					expect(() => entityPath(name, ID)).toThrow(DataverseError);
					expect(() => queryString({ select: [name] })).toThrow(DataverseError);
					expect(() => isIn(name, ['a'])).toThrow(DataverseError);
					expect(() => tableDefinitionPath(name)).toThrow(DataverseError);
				},
			),
		);
	});

	it.each(['a eq 1 or b', "a'", 'a/', '/a', 'a//b', 'a)', '', 'a,b'])(
		'the column "%s" is refused',
		(column) => {
			expect(() => eq(column, literal.null)).toThrow(DataverseError);
			expect(() => orderBy([{ column }])).toThrow(DataverseError);
		},
	);

	it('a refused value is shown in part only', () => {
		expect(() => entityPath('contacts', 'jane.doe@contoso.com')).toThrow(DataverseError);
		expect(() => entityPath('contacts', 'jane.doe@contoso.com')).not.toThrow(/contoso/);
	});
});

describe('expressions', () => {
	it('keep their meaning when they are joined', () => {
		const a = eq('a', literal.integer(1));
		const b = startsWith('owner/name', literal.string('x'));
		expect(and(a, or(a, b))).toBe("(a eq 1) and ((a eq 1) or (startswith(owner/name,'x')))");
		expect(and(b)).toBe(b);
		expect(containsText('a', 'b')).toBe("contains(a,'b')");
		expect(() => or()).toThrow(DataverseError);
	});

	it('In holds any values as JSON', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 }), (values) => {
				const text = isIn('emailaddress1', values);
				const start = "Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=";
				expect(text.startsWith(start)).toBe(true);
				expect(JSON.parse(text.slice(start.length, -1))).toEqual(values);
			}),
		);
	});

	it('In holds as many values as a query may have', () => {
		const values = Array.from({ length: IN_VALUES_LIMIT }, (_, index) => String(index));
		expect(isIn('a', values)).toContain('"499"');
		expect(() => isIn('a', [...values, 'x'])).toThrow(DataverseError);
		expect(() => isIn('a', [])).toThrow(DataverseError);
	});
});

it('definitions are asked for by paths that hold names only', () => {
	expect(tableDefinitionPath('contact', { select: ['EntitySetName'] })).toBe(
		"EntityDefinitions(LogicalName='contact')?$select=EntitySetName",
	);
	expect(choicesPath('contact', 'statuscode', 'Status')).toBe(
		"EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='statuscode')/" +
			'Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet',
	);
});
