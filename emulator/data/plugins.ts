/** Plug-ins of the tenant that refuse rows: 400 0x80040265 for one row of a batch or of a bulk message. */

import type { PluginRefusal, Row, Store } from '../contracts';
import { ServiceFault } from '../contracts';
import { codes } from './faults';

interface Armed {
	readonly refusal: PluginRefusal;
	readonly row?: RegExp;
	left: number;
}

const plugins = new WeakMap<Store, Armed[]>();

/** @throws SyntaxError when `row` is no regular expression */
export function addPlugin(store: Store, refusal: PluginRefusal): void {
	const armed: Armed = {
		refusal,
		...(refusal.row !== undefined && { row: new RegExp(refusal.row) }),
		left: refusal.times === undefined || refusal.times === 0 ? Infinity : refusal.times,
	};
	plugins.set(store, [...(plugins.get(store) ?? []), armed]);
}

export function clearPlugins(store: Store): void {
	plugins.delete(store);
}

/** @param row the columns that are written */
export function runPlugins(
	store: Store,
	message: 'Create' | 'Update',
	table: string,
	row: Readonly<Row>,
): void {
	for (const armed of plugins.get(store) ?? []) {
		const { refusal } = armed;
		if (armed.left <= 0 || refusal.table !== table) continue;
		if (refusal.on !== undefined && refusal.on !== message) continue;
		if (armed.row !== undefined && !armed.row.test(JSON.stringify(row))) continue;
		armed.left -= 1;
		throw new ServiceFault(
			400,
			refusal.code ?? codes.plugin,
			refusal.message ?? 'The record was refused by a rule of the organization.',
		);
	}
}
