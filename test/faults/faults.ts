/** Everything that may go wrong, as a table: how it is brought about, and what a run has to make of it. */

import type { HttpRequest } from '../../core/dataverse/http/ports';
import type { FaultEffect } from '../../emulator/contracts';
import { changeDefinition, changeMembers, deleteAll, type Scene } from './scene';
import type { World } from './world';

const DAY_MS = 86_400_000;
const LOGIN = '/oauth2/v2\\.0/token';

/**
 * - `always`: the run ends as if nothing had happened.
 * - `repeatable`: so it does when the request that was hit may be sent twice.
 * - `maybe`: it does, or it says what happened.
 */
type Recovery = 'always' | 'maybe' | 'repeatable';

export interface FaultKind {
	readonly name: string;
	/** How many requests it hits: one, or all from there on. */
	readonly lasts: 'forGood' | 'once';
	readonly recovery: Recovery;
	/** Somebody else changes the segment, so that it is not as it would be without the fault. */
	readonly interferes: boolean;
	/** Makes it hit the request at this position of the run. */
	inject(world: World, position: number, scene: Scene): void;
	/** True for lists that may be true all the same, so that only what the segment knows beside them tells: of members. */
	readonly ofMembers?: boolean;
	/** Whether it has hit. */
	fired(world: World): boolean;
}

/** Requests that only some operations send. */
export const SPECIAL_REQUESTS = {
	/** Two rows that are made together. */
	changeSet: ({ url }: HttpRequest) => /\/\$batch$/.test(url),
	/** The page of a group behind that with everybody in it. */
	pageBehind: ({ body = '', url }: HttpRequest) =>
		/ListGroupMembers$/.test(url) && /"PageNo":[2-9]/.test(body),
} as const;
export type SpecialRequest = keyof typeof SPECIAL_REQUESTS;

interface Facts {
	readonly lasts?: FaultKind['lasts'];
	readonly recovery?: Recovery;
}

function ofService(
	name: string,
	effect: FaultEffect,
	{ lasts = 'once', recovery = 'maybe' }: Facts = {},
): FaultKind {
	return {
		name,
		lasts,
		recovery,
		interferes: false,
		inject: (world, position) =>
			world.wire.at(position, () => {
				world.control.addFault({ match: { path: '/api/' }, times: lasts === 'once' ? 1 : 0, effect });
				if (effect.kind === 'timeoutBefore') world.wire.expectSilence('before');
				if (effect.kind === 'timeoutAfter') world.wire.expectSilence('after');
				if (effect.kind === 'drip') world.wire.expectDrip();
			}),
		fired: (world) => world.control.faultsHit() > 0,
	};
}

function refusedConnection(name: string, lasts: FaultKind['lasts'], recovery: Recovery): FaultKind {
	return {
		name,
		lasts,
		recovery,
		interferes: false,
		inject: ({ wire }, position) =>
			wire.at(position, () => {
				wire.refusing = lasts === 'once' ? 'once' : 'always';
			}),
		fired: ({ wire }) => wire.refused > 0,
	};
}

/** All tokens end; the login server may be away as well. */
function tokensEnd(name: string, login?: Facts & { readonly effect: FaultEffect }): FaultKind {
	const lasts = login?.lasts ?? 'once';
	return {
		name,
		lasts,
		recovery: lasts === 'once' ? 'always' : 'maybe',
		interferes: false,
		inject: (world, position) =>
			world.wire.at(position, () => {
				world.control.expireTokens();
				if (login === undefined) return;
				const times = lasts === 'once' ? 1 : 0;
				world.control.addFault({ match: { path: LOGIN }, times, effect: login.effect });
			}),
		fired: (world) =>
			login === undefined
				? world.requests().some(({ status }) => status === 401)
				: world.control.faultsHit() > 0,
	};
}

function clockJump(name: string, ms: number): FaultKind {
	return {
		name,
		lasts: 'once',
		recovery: 'always',
		interferes: false,
		inject: ({ host, wire }, position) => wire.at(position, () => host.jump(ms)),
		fired: ({ wire }) => wire.sent.length > 0,
	};
}

/** Somebody else does something to the segment of the scene. */
function meanwhile(name: string, act: (world: World, scene: Scene) => Promise<void> | void): FaultKind {
	const acted = new WeakSet<World>();
	return {
		name,
		lasts: 'once',
		recovery: 'maybe',
		interferes: true,
		inject: (world, position, scene) => {
			acted.delete(world);
			world.wire.at(position, async () => {
				await act(world, scene);
				acted.add(world);
			});
		},
		fired: (world) => acted.has(world),
	};
}

const status = (code: number, more: Partial<Extract<FaultEffect, { kind: 'status' }>> = {}): FaultEffect => ({
	kind: 'status',
	status: code,
	...more,
});
const CONFLICT = { code: '0x80060882', message: 'The version of the existing record does not match.' };
const REPEATABLE = { recovery: 'repeatable' } as const;
const FOR_GOOD = { lasts: 'forGood' } as const;

/** The id of nobody and of nothing that is there. */
const OTHER = '0ddba11d-0000-4000-8000-00000000000f';
const answer = (more: Omit<Extract<FaultEffect, { kind: 'answer' }>, 'kind'>): FaultEffect => ({
	kind: 'answer',
	...more,
});
/** What says that it is done was done: no client could tell otherwise. */
const DONE = { afterActing: true } as const;
const REFUSED = { code: '0x80040265', message: 'A plug-in refused it.' };

const ofMembers = (name: string, effect: FaultEffect): FaultKind => ({
	...ofService(name, effect),
	ofMembers: true,
});

/** Answers that are not what was asked for; each operation meets them at one of its requests, in turn. */
export const ANSWERS: readonly FaultKind[] = [
	ofService('rows without an ID', { kind: 'withoutId' }),
	ofMembers('the row of another ID', { kind: 'otherRow', id: OTHER }),
	ofService('an empty object', answer({ json: {}, ...DONE })),
	ofMembers('an empty list', answer({ json: { value: [] }, ...DONE })),
	ofService('an error with 200', answer({ json: { error: REFUSED } })),
	ofService('a page with 200', answer({ html: true, ...DONE })),
	ofService('202', answer({ status: 202, ...DONE })),
	ofService('204', answer({ status: 204, ...DONE })),
	ofService('a redirect', answer({ status: 302, headers: { Location: '/elsewhere' } })),
	ofService('a StatusCode of 400 inside a success', { kind: 'statusCode', value: 400 }),
	ofMembers('a page of the list without anybody', { kind: 'shortPage', keep: 0 }),
	ofMembers('half a page of the list', { kind: 'shortPage' }),
	ofService('a page without its link', { kind: 'noNextLink' }),
	ofService('a refusal that repeats the request', status(400, { ...REFUSED, echo: 'plain' })),
	ofService('a refusal that repeats it encoded', status(403, { ...REFUSED, echo: 'encoded' })),
	ofMembers('404 for a page', status(404, { code: '0x80040217', message: 'No such page.' })),
	ofService('a header that is none', { kind: 'badHeader' }),
	tokensEnd('the login server is busy', { effect: { kind: 'status', status: 429, retryAfter: 3 } }),
	ofService('an answer that drips', { kind: 'drip', everyMs: 20 }, REPEATABLE),
];

/** One operation of a batch meets it, counted from 0. */
const ofPart = (name: string, part: number, effect: FaultEffect): FaultKind => ({
	...ofService(name, effect),
	inject: ({ control, wire }, position) =>
		wire.at(position, () => {
			control.addFault({ match: { part: true }, skip: part, effect });
		}),
});
const REDIRECT = { status: 302, headers: { Location: '/elsewhere' } } as const;

/** Answers that only a request of a certain kind can meet. */
export const SPECIAL_ANSWERS: Readonly<Record<SpecialRequest, readonly FaultKind[]>> = {
	changeSet: [
		ofPart('a redirect of the first change', 0, answer(REDIRECT)),
		ofPart('a redirect of the second change', 1, answer(REDIRECT)),
		ofPart('a redirect of the first change, which was made', 0, answer({ ...REDIRECT, ...DONE })),
		ofPart('a redirect of the second change, which was made', 1, answer({ ...REDIRECT, ...DONE })),
		ofPart('a page instead of the second change', 1, answer({ html: true, ...DONE })),
		ofPart('202 for the first change', 0, answer({ status: 202, ...DONE })),
		ofPart('500 for the second change', 1, status(500)),
	],
	pageBehind: [
		ofService('500 for the page behind the last one', status(500), { recovery: 'always' }),
		ofService('500 for good for the page behind the last one', status(500), FOR_GOOD),
		ofService('503 for the page behind the last one', status(503, { html: true }), { recovery: 'always' }),
		ofService('403 for the page behind the last one', status(403, { code: '0x80040220', message: 'No.' })),
	],
};

export const FAULTS: readonly FaultKind[] = [
	ofService('429 with Retry-After', status(429, { retryAfter: 7 }), { recovery: 'always' }),
	ofService('429 without Retry-After', status(429), { recovery: 'always' }),
	ofService('429 for good', status(429, { retryAfter: 60 }), FOR_GOOD),
	ofService('503 with an HTML page', status(503, { html: true }), REPEATABLE),
	ofService('503 after the service acted', status(503, { html: true, afterActing: true }), REPEATABLE),
	ofService('503 for good', status(503, { html: true, retryAfter: 30 }), FOR_GOOD),
	ofService('500', status(500)),
	ofService('500 after the service acted', status(500, { afterActing: true })),
	refusedConnection('connection refused', 'once', 'always'),
	refusedConnection('connection refused for good', 'forGood', 'maybe'),
	ofService('reset before the service acted', { kind: 'resetBefore' }, REPEATABLE),
	ofService('reset after the service acted', { kind: 'resetAfter' }, REPEATABLE),
	ofService('reset for good', { kind: 'resetAfter' }, FOR_GOOD),
	ofService('time-out before the service acted', { kind: 'timeoutBefore' }, REPEATABLE),
	ofService('time-out after the service acted', { kind: 'timeoutAfter' }, REPEATABLE),
	ofService('answer cut in half', { kind: 'cutBody' }, REPEATABLE),
	ofService('answers cut in half for good', { kind: 'cutBody' }, FOR_GOOD),
	ofService('wrong content type', { kind: 'wrongContentType' }),
	tokensEnd('401 in mid-run'),
	ofService('401 for good', { kind: 'expiredToken' }, FOR_GOOD),
	tokensEnd('token endpoint away once', { effect: status(503, { html: true }) }),
	tokensEnd('token endpoint away for good', { effect: status(503, { html: true }), ...FOR_GOOD }),
	ofService('412', status(412, CONFLICT)),
	ofService('412 for good', status(412, CONFLICT), FOR_GOOD),
	ofService('403 for good', status(403, { code: '0x80040220', message: 'Missing a privilege.' }), FOR_GOOD),
	clockJump('clock a day forward', DAY_MS),
	clockJump('clock a day back', -DAY_MS),
	meanwhile('segment deleted in between', deleteAll),
	meanwhile('membership changed in between', changeMembers),
	meanwhile('definition changed in between', changeDefinition),
];
