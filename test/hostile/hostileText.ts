import fc from 'fast-check';

import { DataverseError } from '../../core/dataverse/errors/errors';
import { QueryBuildError } from '../../core/query';

const RUNS = { numRuns: 500 } as const;

/** What ends literals, starts comments, adds headers, leaves paths or means something to one of the readers. */
const FRAGMENTS = [
	"'",
	"''",
	'"',
	'\\',
	"\\'",
	'`',
	'(',
	')',
	'[',
	']',
	'{',
	'}',
	'<',
	'>',
	'/>',
	'<!--',
	'-->',
	']]>',
	'&',
	'&amp;',
	'&#0;',
	'?',
	'#',
	'%',
	'%27',
	'%2e',
	'%2F',
	'%00',
	'%0d%0a',
	'/',
	'//',
	'../',
	'..',
	'.',
	':',
	';',
	',',
	'=',
	'+',
	'-',
	'@',
	'$',
	'$filter=',
	'&$top=1',
	' or 1 eq 1',
	' || 1 == 1',
	' && ',
	' UNION ',
	').FILTER(',
	'PROFILE(',
	"eq '",
	' ',
	'\t',
	'\n',
	'\r',
	'\r\n',
	'\r\nX-Injected: 1',
	'\r\n\r\nGET /',
	'--batch_',
	'--\r\n',
	'\0',
	'\u2028',
	'\u00a0',
	'\u202e',
	'ß',
	'İ',
	'😀',
	'\ud800',
	'\udc00',
	'__proto__',
	'constructor',
	'null',
	'true',
	'0x41',
	'1e308',
	'a',
	'x',
	'1',
	'=cmd|',
	'\ufeff',
	'\uffff',
	'*',
] as const;

/** Fragments in a row, or any text at all. */
export const hostileText = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((parts) => parts.join('')),
	},
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** What a text becomes that goes out as UTF-8: half a surrogate pair has no bytes. */
export const asSent = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** The result, or nothing when the text was refused as bad input; every other error is a defect. */
export async function accepted<T>(work: () => Promise<T> | T): Promise<T | undefined> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof QueryBuildError) return undefined;
		if (error instanceof DataverseError && error.kind === 'invalidInput') return undefined;
		throw error;
	}
}

/** Checks every hostile text. */
export const forEvery = async (
	check: (text: string) => Promise<void> | void,
	runs: fc.Parameters<[string]> = RUNS,
) =>
	await fc.assert(
		fc.asyncProperty(hostileText, async (text) => await check(text)),
		runs,
	);
