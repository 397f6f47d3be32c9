import { ServiceFault, type ActionDeclaration, type Row, type ServiceContext } from '../contracts';

/** 400 of a plug-in that threw, which is how Customer Insights - Journeys refuses. */
export function refusedByPlugin(message: string): ServiceFault {
	return new ServiceFault(400, '0x80040265', message);
}

/** 400 of the OData layer: the payload does not fit the declared type. */
export function badPayload(message: string): ServiceFault {
	return new ServiceFault(400, '0x80048d19', message);
}

/** 404 of a row that is not there. */
export function missingRow(table: string, id: string): ServiceFault {
	return new ServiceFault(404, '0x80040217', `${table} With Id = ${id} Does Not Exist`);
}

/** @throws ServiceFault 403 when the user lacks the privilege */
export function requirePrivilege(privilege: string, context: ServiceContext): void {
	const wanted = privilege.toLowerCase();
	if (!context.user.missingPrivileges.some((name) => name.toLowerCase() === wanted)) return;
	throw new ServiceFault(
		403,
		'0x80040220',
		`Principal user (Id=${context.user.userId}) is missing ${privilege} privilege.`,
	);
}

/** @throws ServiceFault 400 for a parameter that the action does not declare */
export function refuseUndeclared(declaration: ActionDeclaration, parameters: Row): void {
	const known = new Set(declaration.parameters.map(({ name }) => name));
	const stranger = Object.keys(parameters).find((name) => !known.has(name));
	if (stranger !== undefined) {
		throw badPayload(
			`The parameter '${stranger}' in the request payload is not a valid parameter for the operation '${declaration.name}'.`,
		);
	}
}

/** A text parameter; null and absent are the same. @throws ServiceFault 400 for anything but text */
export function textParameter(parameters: Row, name: string): string | undefined {
	const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string') return value;
	throw badPayload(`Cannot convert the parameter '${name}' to the expected type 'Edm.String'.`);
}

/** A whole-number parameter; null and absent are the same. @throws ServiceFault 400 for anything but a whole number */
export function integerParameter(parameters: Row, name: string): number | undefined {
	const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'number' && Number.isInteger(value)) return value;
	throw badPayload(`Cannot convert the parameter '${name}' to the expected type 'Edm.Int32'.`);
}
