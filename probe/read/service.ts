/** Questions about the Web API itself. */

import { ownString, ownValue } from '../../core/dataverse/http/json';
import { entityPath } from '../../core/dataverse/text/odata';
import { answer, isOk, json, randomId, unsettled, type Answer, type Asking } from '../asking';

/** Characters of an address above which the service refuses it. */
const LONG_URL = 33_500;
export async function countWithBom(asking: Asking): Promise<Answer> {
	const reply = await asking.raw({ path: 'businessunits/$count', headers: { Accept: 'text/plain' } });
	if (!isOk(reply)) return unsettled(`$count answered with status ${reply.status}`);
	const hasMark = reply.body.startsWith('\uFEFF');
	return answer(
		hasMark ? 'yes' : 'no',
		`$count ${hasMark ? 'begins' : 'does not begin'} with a byte order mark`,
	);
}

export async function emptyErrorCodes(asking: Asking): Promise<Answer> {
	const reply = await asking.raw({ path: `businessunits(${randomId()})` });
	if (reply.status !== 404) return unsettled(`a row that is not there has status ${reply.status}`);
	const code = ownString(ownValue(json(reply), 'error'), 'code') ?? '';
	return answer(code === '' ? 'yes' : 'no', `404 for a row that is not there has the code "${code}"`);
}

export async function longUrlStatus(asking: Asking): Promise<Answer> {
	const filter = encodeURIComponent(`name eq '${'a'.repeat(LONG_URL)}'`);
	const reply = await asking.raw({ path: `businessunits?$select=name&$filter=${filter}` });
	if (isOk(reply)) return unsettled(`an address of ${LONG_URL} characters was answered`);
	return answer(String(reply.status), `an address of more than 32,768 characters has status ${reply.status}`);
}

export async function unknownPrivilegeName(asking: Asking): Promise<Answer> {
	const identity = await asking.environment.identity();
	if (!identity.known) return unsettled(identity.why);
	const user = entityPath('systemusers', identity.value.userId);
	const path = `${user}/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadzzprobe')`;
	const { status } = await asking.raw({ path });
	if (status === 403) return unsettled('the user may not ask for its rights');
	return answer(String(status), `the right prvReadzzprobe has status ${status}`);
}
