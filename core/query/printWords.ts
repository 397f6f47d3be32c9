/** The smallest pieces of printed text, each checked or escaped: the only places where text from outside enters a query. */
import { QueryBuildError } from './errors';
import { excerpt } from './excerpt';
import { isDecimal, isName } from './keywords';

/** @throws QueryBuildError when it is not a name */
export function printName(name: string): string {
	if (isName(name)) return name;
	throw new QueryBuildError(
		`"${excerpt(name)}" cannot be a name in a query.`,
		'Names consist of letters, digits and underscores, and do not begin with a digit.',
	);
}

/** An alias: one name, or two joined by a dot. */
export function printAlias(alias: string): string {
	const names = alias.split('.');
	return names.length <= 2 ? names.map(printName).join('.') : printName(alias);
}

/**
 * Signs and decimals are written, although no outbound sample has them: there is no other way to say them.
 * Assumption: outboundQueryNumbers
 * @throws QueryBuildError when it is no decimal number
 */
export function printNumber(text: string): string {
	if (isDecimal(text)) return text;
	throw new QueryBuildError(`"${excerpt(text)}" is not a number.`, 'Write digits, such as 12 or -0.5.');
}

/**
 * A text in single quotes. How the service wants a quote inside a text is undocumented; doubling is what the language's
 * relatives (OData, SQL) do, and a backslash is doubled because a known reader takes it for an escape. Double quotes are not
 * taken everywhere. Assumption: outboundQueryQuote, realTimeQueryQuote, realTimeQueryQuoteMark
 */
export function printString(value: string): string {
	return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
