/**
 * Where the emulator and the package's own parser may differ on whether a text is a query. Each row says which rule of
 * the emulator's grammar would have to be another, or how the text would have to be written, for the two to agree; a
 * difference that no row accounts for fails the test.
 */
import type { SyntaxRules } from '../../emulator/segments/query/ast';
import type { Dialect } from '../../emulator/segments/query/dialects';

export type DialectName = 'outbound' | 'realTime';

interface Row {
	readonly id: string;
	readonly dialects: readonly DialectName[];
	readonly reason: string;
	/** A query for which this row alone is the reason. */
	readonly example: string;
}

export type Disagreement =
	| (Row & { readonly kind: 'dialect'; readonly change: Partial<Dialect> })
	| (Row & { readonly kind: 'rule'; readonly change: Partial<Omit<SyntaxRules, 'dialect'>> })
	/** The emulator judges another text. */
	| (Row & { readonly kind: 'text'; readonly rewrite: (text: string) => string })
	/** The parser judges another text. */
	| (Row & { readonly kind: 'name'; readonly rename: (text: string) => string });

const OTHER_DIALECT =
	'The parser reads the other dialect, so that the check can name what does not belong; the emulator is the service, and refuses.';

export const disagreements: readonly Disagreement[] = [
	{
		id: 'relate',
		example: 'PROFILE(contact).RELATE(contact_customer_accounts, a)',
		dialects: ['outbound'],
		kind: 'dialect',
		change: { relate: true },
		reason: OTHER_DIALECT,
	},
	{
		id: 'lists',
		example: 'PROFILE(contact).FILTER(gendercode IN [1, 2])',
		dialects: ['outbound'],
		kind: 'dialect',
		change: { lists: true },
		reason: OTHER_DIALECT,
	},
	{
		id: 'fineWindows',
		example: 'INTERACTION(a, b).HAVING(COUNT() > 1, UTCWEEKS(2))',
		dialects: ['outbound'],
		kind: 'dialect',
		change: { fineWindows: true },
		reason: OTHER_DIALECT,
	},
	{
		id: 'dottedAlias',
		example: 'PROFILE(contact, a.b).FILTER(a.b.name == 1)',
		dialects: ['outbound'],
		kind: 'dialect',
		change: { dottedAlias: true },
		reason:
			'The rule table has alias.name and no longer path; the parser reads one that real-time queries have.',
	},
	{
		id: 'doubleQuotes',
		example: 'PROFILE(contact).FILTER(firstname == "x")',
		dialects: ['outbound'],
		kind: 'rule',
		change: { doubleQuotes: true },
		reason: 'No outbound text has double quotes; the parser reads them, and writes single ones.',
	},
	{
		id: 'traverse',
		example: 'PROFILE(account).TRAVERSE(contact_account_parentcustomerid)',
		dialects: ['realTime'],
		kind: 'dialect',
		change: { traverse: true },
		reason: OTHER_DIALECT,
	},
	{
		id: 'profileAlias',
		example: 'PROFILE(contact, c).FILTER(c.name == 1)',
		dialects: ['realTime'],
		kind: 'dialect',
		change: { profileAlias: true },
		reason: OTHER_DIALECT,
	},
	{
		id: 'misspeltFunction',
		example: 'PROFILE(contact).FILTER(createdon < DATETIMEUTNCOW())',
		dialects: ['realTime'],
		kind: 'name',
		rename: renameFunctions,
		reason:
			'The emulator refuses every function that no source names when it evaluates it. The parser already refuses those whose name is a slip of a known one or a habit of another language, to say what to write; under a neutral name it reads them.',
	},
	{
		id: 'pagedBlock',
		example: 'SEGMENT(a).TAKE(1)',
		dialects: ['outbound', 'realTime'],
		kind: 'text',
		rewrite: bracketPagedBlock,
		reason:
			'The rule table lets paging follow PROFILE, a sample a bracket; the parser also reads it behind a bare SEGMENT or INTERACTION.',
	},
];

const PIECE = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\.\s*(?:ORDERBY|SKIP|TAKE|SELECT)\s*\(|[^]/gi;

/** `SEGMENT(a).TAKE(1)` as `(SEGMENT(a)).TAKE(1)`. */
function bracketPagedBlock(text: string): string {
	if (!/^\s*(SEGMENT|INTERACTION)\b/i.test(text)) return text;
	for (const { 0: piece, index } of text.matchAll(PIECE)) {
		if (/^\.\s*[OST]/i.test(piece)) return `(${text.slice(0, index)})${text.slice(index)}`;
	}
	return text;
}

/** The name in front of a bracket where a value can begin, unless it is one of those that mean something there. */
const FUNCTION_NAME =
	/(?<=(?:[-=<>&|+*/,]|\b(?:AND|OR)\b|\b(?:FILTER|NOT)\s*\()[\s(]*)\b(?!(?:NOT|ISNULL|ISNOTNULL|DATE|DATEDIFF|DATEADD|DATETIMEUTCNOW|RELATE|RELATEOPTIONAL|AND|OR)\b)[A-Za-z_]\w*(?=\s*\()/gi;

/** Functions under a name that is like no other. */
function renameFunctions(text: string): string {
	return text.replace(FUNCTION_NAME, 'unheardOf');
}
