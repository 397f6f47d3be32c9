/** The looks by which an environment tells about itself, as a module beside the systems of segments. */

import { consentFeatures } from '../consent/features';
import type { ActionDeclaration, SegmentModule, ServiceContext, ServiceModule, Store } from '../contracts';
import { environmentAssumptions } from './assumptions';
import { isRealTime, realTimeIsInstalled } from './installed';
import { writeEnvironmentRows } from './rows';
import { environmentTables } from './tables';

/** The switches that the rows were made under, by store. */
const written = new WeakMap<Store, ReadonlyMap<string, string>>();

/**
 * @param modules whose actions the environment lists. Rows are written again when a switch changes that one of the
 * declarations looked at, so that asking gives what drives the behaviour.
 */
export function createEnvironmentModule(modules: readonly ServiceModule[]): SegmentModule {
	const write = (context: ServiceContext) => {
		const seen = new Map<string, string>();
		const assumption = (id: string) => {
			const value = context.assumption(id);
			seen.set(id, value);
			return value;
		};
		const installed = realTimeIsInstalled(assumption);
		const declared = modules.flatMap((module) => module.declarations?.(assumption) ?? []);
		const present = declared.filter(({ name }: ActionDeclaration) => installed || !isRealTime(name));
		writeEnvironmentRows(present, consentFeatures(assumption), installed, context);
		written.set(context.store, seen);
	};
	return {
		tables: environmentTables,
		actions: {},
		assumptions: environmentAssumptions,
		settle(context) {
			const known = written.get(context.store);
			const same = known && [...known].every(([id, value]) => context.assumption(id) === value);
			if (same !== true) write(context);
		},
		members: () => undefined,
		setMembers: () => undefined,
	};
}
