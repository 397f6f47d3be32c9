import type { TableDefinition } from '../../contracts';
import { audienceTables } from './audiences';
import { organisationTables } from './organisation';
import { peopleTables } from './people';

/** Tables that every environment has, with their real logical names. */
export const standardTables: readonly TableDefinition[] = [
	...peopleTables,
	...organisationTables,
	...audienceTables,
];
