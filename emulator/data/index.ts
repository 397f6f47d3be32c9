/** The data room of the emulator: rows, OData, FetchXML and metadata. */

export { answerData, dataAssumptions } from './answer';
export type { FetchCondition, VirtualLink, VirtualLinks } from './fetch/links';
export { type AnswerOptions, type DataRequest, type DataResponse, errorResponse } from './responses';
export { accountId, contactId, leadId, seedPeople } from './seed';
export { seedOrganisation } from './seedOrganisation';
export { matchRows } from './selection';
export { standardIds } from './standardIds';
export { createStore } from './store';
export { standardTables } from './tables';
export { fillIn } from './writes';
