/** Data of the emulator: rows, OData, FetchXML and metadata. */

export { answerData } from './answer';
export { dataAssumptions } from './assumptions';
export type { VirtualLinks } from './fetch/links';
export { addPlugin, clearPlugins } from './plugins';
export { type AnswerOptions, type DataResponse, errorResponse } from './responses';
export { accountId, contactId, leadId, seedPeople } from './seed';
export { viewId } from './seedViews';
export { rowsEqualTo } from './selection';
export { standardIds } from './standardIds';
export { createStore } from './store';
export { standardTables } from './tables';
export {
	activeInactive,
	auditColumns,
	choice,
	column,
	lookup,
	ownerColumns,
	text,
	yesNo,
} from './tables/columns';
export { isEmpty } from './values';
export { fillIn } from './writes';
