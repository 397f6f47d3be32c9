/** What an environment without Customer Insights - Journeys does not have. */

import type { ActionHandler, Store, TableDefinition } from '../contracts';

/** Tables and actions of the app; consent and feature switches also come with other apps. */
export function isRealTime(name: string): boolean {
	return (
		/^msdynmkt_/.test(name) &&
		!/^msdynmkt_(contactpoint|purpose|topic|compliance|feature|consentprovider|checkconsent|msdynmkt_purpose)/.test(
			name,
		)
	);
}

export function realTimeIsInstalled(assumption: (id: string) => string): boolean {
	return assumption('realTimeInstalled') === 'yes';
}

/** The store as an environment without the app shows it: the tables of the app are not there. */
export function withoutRealTime(store: Store): Store {
	const isShown = ({ logicalName }: TableDefinition) => !isRealTime(logicalName);
	return {
		get definitions() {
			return store.definitions.filter(isShown);
		},
		table: (logicalName) => store.table(logicalName),
		bySet(entitySetName) {
			const table = store.bySet(entitySetName);
			return table !== undefined && isShown(table.definition) ? table : undefined;
		},
		redefine: (definition) => store.redefine(definition),
		atomically: (work) => store.atomically(work),
	};
}

type Actions = Readonly<Record<string, ActionHandler>>;

export function withoutRealTimeActions(actions: Actions): Actions {
	return Object.fromEntries(Object.entries(actions).filter(([name]) => !isRealTime(name)));
}
