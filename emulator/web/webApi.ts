import { answerData, errorResponse, type VirtualLinks } from '../data';
import {
	ServiceFault,
	type ActionHandler,
	type EmulatorClock,
	type RequestPlace,
	type ServiceModule,
	type ServiceContext,
	type Store,
} from '../contracts';
import { realTimeIsInstalled, withoutRealTime, withoutRealTimeActions } from '../environment/installed';
import type { AssumptionSwitches } from './assumptions';
import { runBatch } from './batch';
import { BatchedOperations } from './batchedOperations';
import type { VirtualClock } from './clock';
import { pause } from './clock';
import type { TokenService } from './identity/tokens';
import { countIds, type ServiceProtection } from './limits';
import { headerValue, type Answer, type Incoming } from './messages';
import type { FaultPlan } from './faults';
import type { LogEntry, RequestLog } from './requestLog';
import { readServiceUrl, unknownSegment, type ServiceUrl } from './serviceUrl';
import { asFault } from './unexpected';
import type { Person, UserDirectory } from './users';

/** Longest URL of a GET on the wire, in characters. */
const maxUrl = 32_768;

export interface WebApiParts {
	readonly store: Store;
	/** All parts of the service, the systems of segments among them. */
	readonly services: readonly ServiceModule[];
	readonly clock: VirtualClock;
	readonly switches: AssumptionSwitches;
	readonly users: UserDirectory;
	readonly tokens: TokenService;
	readonly protection: ServiceProtection;
	readonly log: RequestLog;
	readonly faults: FaultPlan;
	/** Answers link-entities to members of segments. */
	readonly fetchLinks: VirtualLinks;
	/** Aborted when the emulator closes. */
	readonly closing: AbortSignal;
}

/** The Dataverse Web API behind authentication and service protection. */
export class WebApi {
	private readonly actions: Readonly<Record<string, ActionHandler>>;
	/** Numbers arrivals and actings, so that requests that ran side by side can be told. */
	private sequence = 0;

	constructor(private readonly parts: WebApiParts) {
		this.actions = Object.fromEntries(parts.services.flatMap((module) => Object.entries(module.actions)));
	}

	handles(url: string): boolean {
		return readServiceUrl(url) !== undefined;
	}

	/**
	 * Answers one request.
	 * @param slowMs real milliseconds that the request takes longer, while it counts as being in flight
	 */
	async answer(request: Incoming, entry: LogEntry, slowMs: number): Promise<Answer> {
		const person = await this.authenticate(request);
		if (!person) return this.unauthenticated();
		entry.userId = person.userId;
		const arrived = this.place(false);
		try {
			this.refuseOutsiders(person);
			this.refuseLongUrl(this.parts.tokens.settings.environmentUrl.length + request.url.length);
			const admission = this.parts.protection.admit(person.userId, () => countIds(request.body));
			try {
				await pause(slowMs, this.parts.closing);
				await this.parts.clock.sleep(admission.executionMs, this.parts.closing);
				const answer = this.act(
					request,
					{ ...this.contextFor(person), request: this.place(false, arrived) },
					entry,
				);
				return answer.status < 400
					? { ...answer, headers: { ...answer.headers, ...admission.headers } }
					: answer;
			} finally {
				admission.release();
			}
		} catch (error) {
			return errorResponse(asFault(error), request.headers);
		}
	}

	/** The answer to a request without a valid token: RFC 6750 with the service's two unquoted parameters, no body. */
	unauthenticated(): Answer {
		const { environmentUrl, loginUrl, tenantId } = this.parts.tokens.settings;
		const authority = `${loginUrl}/${tenantId}/oauth2/authorize`;
		const challenge = `Bearer authorization_uri=${authority}, resource_id=${environmentUrl}/`;
		return { status: 401, headers: { 'WWW-Authenticate': challenge } };
	}

	/** A context for work that is done for a user, or for the emulator itself. */
	contextFor(person: Person): ServiceContext {
		const { clock, store, switches, tokens, users } = this.parts;
		return {
			store,
			clock: clock satisfies EmulatorClock,
			user: users.asServiceUser(person),
			assumption: (id) => switches.get(id),
			environmentUrl: tokens.settings.environmentUrl,
		};
	}

	/** The next number of the sequence, as the place of a request that arrives now or is already here. */
	private place(inChangeSet: boolean, earlier?: RequestPlace): RequestPlace {
		const acting = ++this.sequence;
		return { arrived: earlier?.arrived ?? acting, acting, inChangeSet };
	}

	private async authenticate(request: Incoming): Promise<Person | undefined> {
		const token = /^Bearer +(\S+)$/i.exec(headerValue(request.headers, 'authorization') ?? '')?.[1];
		if (token === undefined) return undefined;
		const objectId = await this.parts.tokens.holder(token);
		return objectId === undefined ? undefined : this.parts.users.byObjectId(objectId);
	}

	private refuseOutsiders(person: Person): void {
		if (person.state === 'absent') {
			throw new ServiceFault(403, '0x80072560', 'The user is not a member of the organization.');
		}
		if (person.state === 'disabled') {
			throw new ServiceFault(403, '0x80040225', 'The specified user is disabled in the organization.');
		}
	}

	private refuseLongUrl(length: number): void {
		if (length <= maxUrl) return;
		const status = Number(this.parts.switches.get('longUrlStatus'));
		throw new ServiceFault(status, '0x80060888', `The URL is longer than ${maxUrl} characters.`);
	}

	private act(request: Incoming, context: ServiceContext, entry: LogEntry): Answer {
		for (const service of this.parts.services) service.settle(context);
		const url = readServiceUrl(request.url);
		if (url === undefined) throw unknownSegment();
		const asked = { ...context, apiVersion: url.version };
		if (url.resource === '$batch') return this.batch(request, asked, entry);
		return this.data(request, url, asked, entry);
	}

	private batch(request: Incoming, context: ServiceContext, entry: LogEntry): Answer {
		if (request.method !== 'POST') {
			throw new ServiceFault(405, '0x80060888', `A batch is sent with POST, not ${request.method}.`);
		}
		const operations = new BatchedOperations(this.parts, entry, (...asked) => this.data(...asked));
		return runBatch(request, {
			run: (operation, contentIds, { inChangeSet }) =>
				operations.run(operation, contentIds, { ...context, request: this.place(inChangeSet) }),
			refuse: (fault) => errorResponse(fault, {}),
			atomically: (work) => this.parts.store.atomically(work),
		});
	}

	private data(
		request: Incoming,
		{ resource: path, query: rawQuery }: ServiceUrl,
		context: ServiceContext,
		entry: LogEntry,
		contentIds?: ReadonlyMap<string, string>,
	): Answer {
		const body = request.method === 'GET' ? undefined : this.readBody(request);
		if (body !== undefined) this.parts.log.keepBody(entry, body, request.body.length);
		const { headers, method } = request;
		const insideBatch = entry.batch !== undefined;
		const installed = realTimeIsInstalled((id) => this.parts.switches.get(id));
		const { fetchLinks, store } = this.parts;
		const options = { contentIds, fetchLinks, ...(!installed && { shown: withoutRealTime(store) }) };
		const actions = installed ? this.actions : withoutRealTimeActions(this.actions);
		return answerData({ method, path, rawQuery, headers, body, insideBatch }, context, actions, options);
	}

	/** @throws ServiceFault when the body is not JSON, or not sent as such */
	private readBody({ body, headers }: Incoming): unknown {
		if (body.trim() === '') return undefined;
		const type = headerValue(headers, 'content-type') ?? '';
		if (/^application\/json(?:\s*;|\s*$)/i.test(type)) return parseBody(body);
		const status = Number(this.parts.switches.get('wrongMediaType'));
		throw new ServiceFault(status, '0x80060888', `The content type '${type}' of the body is not supported.`);
	}
}

function parseBody(text: string): unknown {
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed;
	} catch {
		throw new ServiceFault(
			400,
			'0x80048d19',
			'Error identified in Payload provided by the user: it is not JSON.',
		);
	}
}
