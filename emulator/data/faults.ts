/** The documented failures of the Web API that more than one file raises (codes: Dataverse error-code reference). */

import { ServiceFault } from '../contracts';

export const codes = {
	notFound: '0x80040217',
	keyNotFound: '0x80060891',
	uri: '0x80060888',
	invalidArgument: '0x80040203',
	duplicateRule: '0x80040333',
	plugin: '0x80040265',
	payload: '0x80048d19',
	versionMismatch: '0x80060882',
	duplicate: '0x80040237',
	duplicateKey: '0x80060892',
	privilege: '0x80040220',
	rowAccess: '0x80048306',
	tooLong: '0x80044331',
	choiceRange: '0x8004431A',
	stateStatus: '0x80048408',
	tooManyConditions: '0x8004430C',
	pageWithoutCookie: '0x8004430A',
	fetchEntity: '0x80041102',
	fetchAttribute: '0x80041103',
	fetchSetMismatch: '0x80041128',
	cookieOrder: '0x80041129',
	cookiePage: '0x8004112A',
	fetchOperator: '0x80041120',
	fetchElement: '0x8004111C',
	notTracked: '0x80072491',
	aggregateLimit: '0x8004E023',
	noMessage: '0x80040800',
} as const;

/** 400 0x80060888: something in the address is wrong. */
export function badUri(message: string): ServiceFault {
	return new ServiceFault(400, codes.uri, message);
}

/** 404 0x80060888: no such set, function, action or segment of the path. */
export function unknownResource(name: string): ServiceFault {
	return new ServiceFault(404, codes.uri, `Resource not found for the segment '${name}'.`);
}

/** 400 0x80060888 naming the property, as for an unknown column in `$select`. */
export function unknownProperty(property: string, typeName: string): ServiceFault {
	return badUri(
		`Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${typeName}'.`,
	);
}

/** 404 0x80040217. */
export function rowNotFound(logicalName: string, id: string): ServiceFault {
	return new ServiceFault(404, codes.notFound, `${logicalName} With Id = ${id} Does Not Exist`);
}

/** 405: the resource exists, the verb does not apply to it. */
export function verbNotAllowed(method: string): ServiceFault {
	return new ServiceFault(
		405,
		codes.uri,
		`The requested resource does not support the HTTP method '${method}'.`,
	);
}

/** 400 0x80048d19: the body does not fit the type it is meant for. */
export function badPayload(message: string): ServiceFault {
	return new ServiceFault(400, codes.payload, message);
}

export function preconditionFailed(code: string, message: string): ServiceFault {
	return new ServiceFault(412, code, message);
}

/** 400: no table here has change tracking, as `ChangeTrackingEnabled` says of each. */
export function notTracked(logicalName: string): ServiceFault {
	return new ServiceFault(400, codes.notTracked, `Entity: ${logicalName} isn't enabled for change tracking.`);
}
