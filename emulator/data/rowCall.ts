/** What the answers about one row share. */

import type { Row, ServiceContext } from '../contracts';
import type { Preferences } from './preferences';
import type { QueryOptions } from './queryOptions';
import type { DataRequest } from './responses';
import { apiRoot } from './schema';
import type { TableStore } from './tableStore';
import type { WriteRequest } from './writes';

export interface RowCall {
	readonly request: DataRequest;
	readonly options: QueryOptions;
	readonly preferences: Preferences;
	readonly context: ServiceContext;
	readonly contentIds: ReadonlyMap<string, string>;
}

export function writeRequest({ request, context, contentIds }: RowCall, body = request.body): WriteRequest {
	return { body, headers: request.headers, context, contentIds };
}

export function addressOf(table: TableStore, row: Readonly<Row>, context: ServiceContext): string {
	const { entitySetName, primaryKey } = table.definition;
	return `${apiRoot(context)}${entitySetName}(${String(row[primaryKey])})`;
}
