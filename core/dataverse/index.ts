/** What the rest of the package uses of Dataverse. */

export { CATALOGUE, catalogueRow, entraCode, printCatalogue, type CatalogueRow } from './catalogue';
export { API_PATH, DataverseClient } from './client';
export {
	decodeServiceError,
	decodeTransportFailure,
	isDuplicate,
	isMissingAction,
	isMissingRow,
} from './decodeError';
export { DataverseError, invalidInput, type DataverseErrorFacts, type DataverseErrorKind } from './errors';
export * from './fetchxml';
export { isGuid, newGuid, parseGuid } from './guid';
export { environmentOrigin, recordIdFromUrl, sameOrganisation, type RecordAddress } from './host';
export * from './metadata';
export * from './odata';
export * from './ports';
export { RETRY_POLICY, type Hindrance, type Pace, type RetryRule } from './retry';
export { scrub } from './scrub';
export * from './types';
