import type { Span } from './ast';

export type FindingCode =
	| 'aliasBeforeMade'
	| 'barredInInteraction'
	| 'calculatedColumn'
	| 'countRule'
	| 'differentProfiles'
	| 'duplicateAlias'
	| 'literalDoesNotFit'
	| 'notEndingAtContact'
	| 'operatorDoesNotFit'
	| 'otherDialect'
	| 'segmentReference'
	| 'tooLong'
	| 'undocumentedEscape'
	| 'unknownAlias'
	| 'unknownColumn'
	| 'unknownFunction'
	| 'unknownRelationship'
	| 'unknownTable';

/** Something about a readable query that the service will refuse (`error`) or may understand differently (`warning`). */
export interface Finding {
	readonly severity: 'error' | 'warning';
	readonly code: string;
	/** What is wrong, one sentence. */
	readonly message: string;
	/** What to do about it. */
	readonly remedy: string;
	/** 0-based, in UTF-16 code units. */
	readonly offset: number;
	/** 1-based, as the column. */
	readonly line: number;
	readonly column: number;
}

/** Collects findings and puts them in reading order. */
export class Findings {
	private readonly list: Finding[] = [];

	/** Adds what the service will refuse. Without a place it stands at the beginning of the query. */
	error(code: FindingCode, span: Span | undefined, message: string, remedy: string): void {
		this.add('error', code, span, message, remedy);
	}

	/** Adds what the service may understand differently. Without a place it stands at the beginning of the query. */
	warning(code: FindingCode, span: Span | undefined, message: string, remedy: string): void {
		this.add('warning', code, span, message, remedy);
	}

	/** All findings by their place in the query; those of one place as they were added. */
	inOrder(): readonly Finding[] {
		return [...this.list].sort((left, right) => left.offset - right.offset);
	}

	private add(
		severity: Finding['severity'],
		code: FindingCode,
		span: Span | undefined,
		message: string,
		remedy: string,
	): void {
		const { start, line, column } = span ?? { start: 0, line: 1, column: 1 };
		this.list.push({ severity, code, message, remedy, offset: start, line, column });
	}
}
