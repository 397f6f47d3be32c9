/** Rows that lose their id or get another one. */

import type { Answer } from './messages';
import { asRecord, changedJson } from './pageFaults';

const NAMING_HEADERS = ['odata-entityid', 'location'];

/** The answer without the id of the row, or of the rows. */
export function unnamed(answer: Answer, row: number | undefined, key: string | undefined): Answer {
	const headers = Object.entries(answer.headers).filter(
		([name]) => !NAMING_HEADERS.includes(name.toLowerCase()),
	);
	const isId = (name: string) =>
		name === '@odata.id' || (key === undefined ? /^(?!_).*id$/i.test(name) : name === key);
	const strip = (object: object) =>
		Object.fromEntries(Object.entries(object).filter(([name]) => !isId(name)));
	return changedRows({ ...answer, headers: Object.fromEntries(headers) }, strip, row);
}

/** The answer as if it were about the row of another id; of a list, the first row. */
export function named(answer: Answer, id: string, key: string | undefined): Answer {
	const headers = Object.entries(answer.headers).map(([name, value]) => [
		name,
		NAMING_HEADERS.includes(name.toLowerCase()) ? value.replace(/\([0-9a-f-]{36}\)$/i, `(${id})`) : value,
	]);
	const rename = (object: object) =>
		key !== undefined && Object.hasOwn(object, key) ? { ...object, [key]: id } : object;
	return changedRows({ ...answer, headers: Object.fromEntries(headers) as Answer['headers'] }, rename, 1);
}

/** @param row only this row of a list, from 1; all when it is not said */
function changedRows(answer: Answer, change: (row: object) => object, row?: number): Answer {
	return changedJson(answer, (body) => {
		if (!Array.isArray(body.value)) return change(body);
		const rows = (body.value as readonly unknown[]).map((each, at) => {
			const object = asRecord(each);
			return object === undefined || (row !== undefined && at !== row - 1) ? each : change(object);
		});
		return { ...body, value: rows };
	});
}
