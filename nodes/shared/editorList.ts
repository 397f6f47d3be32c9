/** The lists of the editor that come from the environment. */

import type {
	ILoadOptionsFunctions,
	INodePropertyMode,
	INodePropertyOptions,
	INodePropertyTypeOptions,
} from 'n8n-workflow';

import type { DataverseClient } from '../../core/dataverse/client';
import { toNodeError } from './errors';
import { makeClient } from './run';

/** The editor cannot cancel a list; it should not hang on one either. */
const TIMEOUT_MS = 20_000;
/** Entries that a searched list shows at once. */
export const SEARCH_PAGE = 50;

/** n8n's own words for a list that an expression can stand for. */
export const CHOOSE_ONE =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

export const CHOOSE_SEVERAL =
	'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

/**
 * A field whose list a method of the node loads.
 * @param dependsOn fields whose change loads it again; `&name` is a field beside this one
 */
export function listFrom(method: string, ...dependsOn: readonly string[]): INodePropertyTypeOptions {
	return {
		loadOptionsMethod: method,
		...(dependsOn.length === 0 ? {} : { loadOptionsDependsOn: [...dependsOn] }),
	};
}

const FROM_LIST = { displayName: 'From List', name: 'list' };

/** The mode From List of a resource locator. @param method of the node, which searches on the server */
export function fromList(method: string, placeholder: string): INodePropertyMode {
	return {
		...FROM_LIST,
		type: 'list',
		placeholder,
		typeOptions: { searchListMethod: method, searchable: true },
	};
}

/** Reads what a list of the editor shows. @throws NodeApiError, NodeOperationError in words for the user */
export async function forEditor<T>(
	functions: ILoadOptionsFunctions,
	read: (client: DataverseClient) => Promise<T>,
): Promise<T> {
	try {
		return await read(await makeClient(functions, { timeoutMs: TIMEOUT_MS, giveUpAfterMs: TIMEOUT_MS }));
	} catch (error) {
		throw toNodeError(functions.getNode(), error);
	}
}

/** By what the user sees. */
export function sortedByName(options: readonly INodePropertyOptions[]): INodePropertyOptions[] {
	return [...options].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
