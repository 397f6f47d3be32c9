/** The catalogue of codes: for each, what happened and what to do. Printed into the documentation by `printCatalogue`. */

import { DATAVERSE_ROWS } from './catalogueDataverse';
import { ENTRA_ROWS } from './catalogueEntra';
import type { DataverseErrorKind } from './errors';

export interface CatalogueRow {
	/** `0x` and eight upper-case digits, or `AADSTS` and its number. */
	readonly code: string;
	/** Only for codes whose meaning depends on the HTTP status. A row without it stands for all others. */
	readonly status?: number;
	readonly kind: DataverseErrorKind;
	readonly whatHappened: string;
	readonly whatToDo: string;
}

export const CATALOGUE: readonly CatalogueRow[] = [...DATAVERSE_ROWS, ...ENTRA_ROWS];

const byCode = new Map(CATALOGUE.map((row) => [rowKey(row.code, row.status), row]));

/** The row of a code, the one for this status first. */
export function catalogueRow(code: string, status?: number): CatalogueRow | undefined {
	return byCode.get(rowKey(code, status)) ?? byCode.get(rowKey(code));
}

/**
 * Finds the most telling AADSTS number in a text: the first one with a row, else the first one.
 * @returns e.g. `AADSTS7000222`.
 */
export function entraCode(text: string): string | undefined {
	const codes = [...text.slice(0, 20_000).matchAll(/\bAADSTS\d{4,8}/g)].map(([code]) => code);
	return codes.find((code) => catalogueRow(code) !== undefined) ?? codes[0];
}

/** The catalogue as a table in Markdown. */
export function printCatalogue(): string {
	const lines = CATALOGUE.map(
		({ code, status, whatHappened, whatToDo }) =>
			`| \`${code}\`${status === undefined ? '' : ` (${status})`} | ${cell(whatHappened)} | ${cell(whatToDo)} |`,
	);
	return ['| code | what happened | what to do |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function rowKey(code: string, status?: number): string {
	return status === undefined ? code : `${code} ${status}`;
}

function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}
