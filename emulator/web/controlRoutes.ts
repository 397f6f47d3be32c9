import type { Fault, PluginRefusal, ServiceLimits } from '../contracts';
import type { EmulatorControl, SeedRequest } from './control';
import type { LogFilter } from './requestLog';
import type { NewUser, UserChanges } from './users';

interface ControlCall {
	readonly control: EmulatorControl;
	/** The `{id}` of the path, decoded. */
	readonly id: string;
	readonly query: URLSearchParams;
	readonly body: unknown;
}

export interface ControlRoute {
	readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
	readonly path: string;
	readonly about: string;
	/** What the reply holds; undefined → 204. */
	run(call: ControlCall): unknown;
}

/** Every route of the control endpoint; `GET /__emulator` prints this list. */
export const controlRoutes: readonly ControlRoute[] = [
	{
		method: 'GET',
		path: '/log',
		about: 'requests so far; ?method= ?path=<regular expression> ?status= ?batchParts=false',
		run: ({ control, query }) => control.log(logFilter(query)),
	},
	{ method: 'DELETE', path: '/log', about: 'forget the requests', run: ({ control }) => control.clearLog() },
	{
		method: 'GET',
		path: '/faults',
		about: 'how many requests were hit',
		run: ({ control }) => ({ hit: control.faultsHit() }),
	},
	{
		method: 'POST',
		path: '/faults',
		about: 'add a fault',
		run: ({ control, body }) => control.addFault(asFault(body)),
	},
	{
		method: 'DELETE',
		path: '/faults',
		about: 'remove all faults',
		run: ({ control }) => control.clearFaults(),
	},
	{
		method: 'POST',
		path: '/plugins',
		about:
			'a plug-in that refuses rows: {"table":"contact","on":"Create","row":"<regular expression>","times":1}',
		run: ({ control, body }) => control.addPlugin(asPlugin(body)),
	},
	{
		method: 'DELETE',
		path: '/plugins',
		about: 'remove all plug-ins',
		run: ({ control }) => control.clearPlugins(),
	},
	{
		method: 'GET',
		path: '/assumptions',
		about: 'switches, their values and what they mean',
		run: ({ control }) => control.assumptions(),
	},
	{
		method: 'PUT',
		path: '/assumptions/{id}',
		about: 'set a switch: {"value":"…"}',
		run: ({ control, id, body }) => control.setAssumption(id, text(body, 'value')),
	},
	{
		method: 'DELETE',
		path: '/assumptions',
		about: 'all switches to their defaults',
		run: ({ control }) => control.resetAssumptions(),
	},
	{
		method: 'GET',
		path: '/limits',
		about: 'service protection limits',
		run: ({ control }) => control.limits(),
	},
	{
		method: 'PATCH',
		path: '/limits',
		about: 'change limits',
		run: ({ control, body }) => control.setLimits(asLimits(body)),
	},
	{ method: 'GET', path: '/clock', about: 'virtual time', run: ({ control }) => ({ now: control.now() }) },
	{
		method: 'POST',
		path: '/clock/advance',
		about: 'jump forward: {"ms":60000}',
		run: ({ control, body }) => control.advanceClock(number(body, 'ms')),
	},
	{
		method: 'PUT',
		path: '/clock/speed',
		about: 'virtual per real millisecond: {"speed":60}',
		run: ({ control, body }) => control.setClockSpeed(number(body, 'speed')),
	},
	{
		method: 'POST',
		path: '/seed',
		about: 'add people and rows',
		run: ({ control, body }) => control.seed(asSeed(body)),
	},
	{
		method: 'GET',
		path: '/rows/{id}',
		about: 'rows of an entity set as stored',
		run: ({ control, id }) => control.rows(id),
	},
	{
		method: 'GET',
		path: '/segments/{id}/members',
		about: 'true members of a segment',
		run: ({ control, id }) => found(control.members(id), id),
	},
	{
		method: 'PUT',
		path: '/segments/{id}/members',
		about: 'set the members: ["…"]',
		run: ({ control, id, body }) => control.setMembers(id, texts(body)),
	},
	{
		method: 'POST',
		path: '/tokens/expire',
		about: 'end all access tokens; {"refresh":true} ends refresh tokens too',
		run: ({ control, body }) => control.expireTokens({ refresh: asRecord(body).refresh === true }),
	},
	{ method: 'GET', path: '/users', about: 'users and applications', run: ({ control }) => control.users() },
	{
		method: 'POST',
		path: '/users',
		about: 'add a user, or an application ("application":true)',
		run: ({ control, body }) => control.addUser(asUser(body)),
	},
	{
		method: 'PATCH',
		path: '/users/{id}',
		about: 'change state, secretExpired, missingPrivileges, privilegeDepths',
		run: ({ control, id, body }) => control.changeUser(id, asUser(body)),
	},
];

function logFilter(query: URLSearchParams): LogFilter {
	const status = query.get('status');
	return {
		method: query.get('method') ?? undefined,
		path: query.get('path') ?? undefined,
		status: status === null ? undefined : Number(status),
		batchParts: query.get('batchParts') !== 'false',
	};
}

function asRecord(body: unknown): Readonly<Record<string, unknown>> {
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw new Error('The body must be an object.');
	return body as Readonly<Record<string, unknown>>;
}

/** Of each effect, the members without which it means nothing. */
const neededMembers: Readonly<Record<Fault['effect']['kind'], Readonly<Record<string, 'number' | 'text'>>>> =
	{
		answer: {},
		badHeader: {},
		cutBody: {},
		drip: { everyMs: 'number' },
		expiredToken: {},
		noNextLink: {},
		otherRow: { id: 'text' },
		resetAfter: {},
		resetBefore: {},
		shortPage: {},
		signInError: { code: 'number' },
		slow: { ms: 'number' },
		status: { status: 'number' },
		statusCode: { value: 'number' },
		timeoutAfter: {},
		timeoutBefore: {},
		withoutId: {},
		wrongContentType: {},
	};

function asFault(body: unknown): Fault {
	const { effect } = asRecord(body);
	const kind = asRecord(effect).kind;
	if (typeof kind !== 'string' || !isEffectKind(kind)) {
		throw new Error(`effect.kind must be one of ${Object.keys(neededMembers).join(', ')}.`);
	}
	for (const [name, type] of Object.entries(neededMembers[kind])) {
		if (type === 'number') number(effect, name);
		else text(effect, name);
	}
	return body as Fault;
}

function isEffectKind(kind: string): kind is Fault['effect']['kind'] {
	return Object.hasOwn(neededMembers, kind);
}

function asPlugin(body: unknown): PluginRefusal {
	text(body, 'table');
	const { on = 'Create', row = '', message = '', code = '', times = 0 } = asRecord(body);
	if (on !== 'Create' && on !== 'Update') throw new Error('on must be Create or Update.');
	if ([row, message, code].some((value) => typeof value !== 'string') || typeof times !== 'number') {
		throw new Error('row, message and code are texts, times is a number.');
	}
	return body as PluginRefusal;
}

function asSeed(body: unknown): SeedRequest {
	const { rows = {}, ...counts } = asRecord(body);
	for (const name of Object.keys(counts)) number(body, name);
	for (const list of Object.values(asRecord(rows))) {
		if (!Array.isArray(list)) throw new Error('rows must hold a list of rows for each entity set.');
		list.forEach(asRecord);
	}
	return body as SeedRequest;
}

function asUser(body: unknown): NewUser & UserChanges {
	const { missingPrivileges = [], privilegeDepths = {}, state = 'enabled' } = asRecord(body);
	if (!['absent', 'disabled', 'enabled'].some((known) => known === state)) {
		throw new Error('state must be absent, disabled or enabled.');
	}
	texts(missingPrivileges);
	for (const depth of Object.values(asRecord(privilegeDepths))) {
		if (!['Basic', 'Local', 'Deep', 'Global'].some((known) => known === depth)) {
			throw new Error('privilegeDepths has Basic, Local, Deep or Global for each privilege.');
		}
	}
	return body as NewUser & UserChanges;
}

function asLimits(body: unknown): Partial<ServiceLimits> {
	for (const [name, value] of Object.entries(asRecord(body))) {
		if (name === 'enabled' ? typeof value !== 'boolean' : typeof value !== 'number') {
			throw new Error(`The limit ${name} has a value of the wrong type.`);
		}
	}
	return body as Partial<ServiceLimits>;
}

function text(body: unknown, name: string): string {
	const value = asRecord(body)[name];
	if (typeof value !== 'string') throw new Error(`${name} must be a text.`);
	return value;
}

function number(body: unknown, name: string): number {
	const value = asRecord(body)[name];
	if (typeof value !== 'number') throw new Error(`${name} must be a number.`);
	return value;
}

function texts(body: unknown): readonly string[] {
	if (!Array.isArray(body) || !body.every((item) => typeof item === 'string')) {
		throw new Error('A list of texts was expected.');
	}
	return body;
}

function found<T>(value: T | undefined, id: string): T {
	if (value === undefined) throw new Error(`There is no segment ${id}.`);
	return value;
}
