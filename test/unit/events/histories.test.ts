import { diffMembers, type MemberCursor } from '../../../core/events/memberDiff';
import { packIds } from '../../../core/events/packed';
import { readSegmentRow, type SegmentRow } from '../../../core/events/rows';
import { statusEvent } from '../../../core/events/statusEvents';
import { seedStatuses, stepStatuses, type StatusCursor } from '../../../core/events/statusWindow';
import { advance, cursorAfter, type WindowCursor } from '../../../core/events/window';
import { generator, Keeper, LATEST_COMMIT_S, Service, type Stored } from './history';

/** Set HISTORY_SEED to run one history again: it is printed with the name of the test. */
const SEED = Number(process.env.HISTORY_SEED ?? Date.now() % 1_000_000_000);
const HISTORIES = Number(process.env.HISTORIES ?? 600);
const STEPS = 60;
const ORIGIN = 'https://contoso.crm4.dynamics.com';

interface Kinds {
	readonly clockGoesBack?: boolean;
	readonly restores?: boolean;
	readonly losesCursors?: boolean;
}

/** One history of ended evaluations; returns what was told. */
function evaluationHistory(seed: number, kinds: Kinds) {
	const random = generator(seed);
	const chance = (share: number) => random() < share;
	const upTo = (n: number) => Math.floor(random() * n);
	const service = new Service<Stored>();
	const real = new Map<string, Stored>();
	let commits = 0;
	const end = (lateBy: number) => {
		const key = `execution-${real.size}`;
		commits += 1;
		const committed = commits;
		real.set(
			key,
			service.write(key, (stamps) => ({ key, committed, ...stamps }), lateBy),
		);
	};
	for (let n = upTo(40); n > 0; n -= 1) {
		end(0);
		service.pass(random() * 300);
	}
	const before = new Set(service.all().map(({ key }) => key));
	const told: string[] = [];
	const keeper = new Keeper<WindowCursor>(cursorAfter(service.window(cursorOfSeed(service)), service.now));

	const answered = (cursor: WindowCursor, mayCut: boolean) => {
		const rows = service.window(cursor);
		const isCut = mayCut && rows.length > 3 && chance(0.2);
		const part = isCut ? rows.slice(0, 1 + upTo(rows.length - 1)) : rows;
		return advance(
			cursor,
			{ rows: part, isComplete: !isCut, serviceTime: service.now },
			mayCut ? 1 + upTo(20) : 10_000,
		);
	};
	const poll = (cursor: WindowCursor, mayCut = true) => {
		const { fresh, next } = answered(cursor, mayCut);
		told.push(...fresh.map(({ key }) => key));
		return { next, hasEvents: fresh.length > 0 };
	};
	const pollAndKeep = () => {
		const { next, hasEvents } = poll(keeper.memory);
		keeper.keep(next, hasEvents, kinds.losesCursors === true && chance(0.3));
	};
	for (let step = 0; step < STEPS; step += 1) {
		const what = random();
		if (what < 0.35)
			for (let n = 1 + upTo(6); n > 0; n -= 1) end(chance(0.3) ? random() * LATEST_COMMIT_S : 0);
		else if (what < 0.75) pollAndKeep();
		else if (what < 0.8) service.jump(random() * 90_000);
		else if (what < 0.83 && kinds.clockGoesBack) service.jump(-random() * 7_200);
		else if (what < 0.86) service.cleanUp();
		else if (what < 0.88) service.takeSnapshot();
		else if (what < 0.9 && kinds.restores) service.restore();
		else if (what < 0.94 && kinds.losesCursors) keeper.restart();
		else if (what < 0.96 && kinds.losesCursors) {
			keeper.goBack(random);
			keeper.restart();
		} else if (what < 0.98 && kinds.losesCursors) {
			const [first, second] = [poll(keeper.memory), poll(keeper.memory)];
			const [last, other] = chance(0.5) ? [first, second] : [second, first];
			keeper.keep(other.next, other.hasEvents);
			keeper.keep(last.next, last.hasEvents);
		}
		service.pass(random() * 90);
	}
	service.pass(LATEST_COMMIT_S);
	for (let n = 0; n < 3; n += 1) {
		keeper.keep(poll(keeper.memory, false).next, true);
		service.pass(60);
	}
	return {
		told,
		real,
		before,
		there: service
			.all()
			.map(({ key }) => key)
			.filter((key) => !service.cleaned.has(key)),
	};
}

/** What a seed reads: everything that was modified in the overlap before the newest row. */
function cursorOfSeed(service: Service<Stored>): WindowCursor {
	const newest = service.all().at(-1);
	return { mark: newest?.modifiedOn ?? 0, version: newest?.version ?? 0, seen: [] };
}

const personId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const repeated = (list: readonly string[]) => list.length - new Set(list).size;

/** @param share of the histories: some take longer */
function everyHistory(check: (seed: number) => void, share = 1): void {
	for (let n = 0; n < HISTORIES * share; n += 1) {
		const seed = SEED + n;
		try {
			check(seed);
		} catch (error) {
			throw new Error(`History ${seed}: ${(error as Error).message}`, { cause: error });
		}
	}
}

describe(`in up to ${HISTORIES} random histories from seed ${SEED}`, () => {
	it('no ended evaluation is lost, none invented, whatever service and n8n go through', () => {
		everyHistory((seed) => {
			// With versions that fell and a clock that was set back at once nothing tells new rows from old ones.
			const kinds = { clockGoesBack: seed % 2 === 0, restores: seed % 2 === 1, losesCursors: true };
			const { told, real, before, there } = evaluationHistory(seed, kinds);
			const heard = new Set(told);
			expect(there.filter((key) => !before.has(key) && !heard.has(key))).toEqual([]);
			expect(told.filter((key) => !real.has(key))).toEqual([]);
		});
	});

	it('nothing from before the activation is told while the clock of the service does not go back', () => {
		everyHistory((seed) => {
			const { told, before } = evaluationHistory(seed, { losesCursors: true });
			expect(told.filter((key) => before.has(key))).toEqual([]);
		});
	});

	it('nothing is told twice as long as n8n keeps what it was given', () => {
		everyHistory((seed) => {
			expect(repeated(evaluationHistory(seed, {}).told)).toBe(0);
		});
	});

	it('the events of statuses lead from the statuses at the activation to those of now', () => {
		everyHistory((seed) => {
			const { now, replayed } = statusHistory(seed, false);
			expect(replayed).toEqual(now);
		}, 1 / 3);
	});

	it('changes of status are real, and the same change keeps its event ID when it is told again', () => {
		everyHistory((seed) => {
			const { events, had } = statusHistory(seed, true);
			const byId = new Map<string, string>();
			const wrong = events.filter(({ eventId, text, id, from, to }) => {
				const isReal = (from === undefined || had.get(id)?.has(from)) && had.get(id)?.has(to);
				const isSame = (byId.get(eventId) ?? text) === text;
				byId.set(eventId, text);
				return !isReal || !isSame;
			});
			expect(wrong).toEqual([]);
		}, 1 / 3);
	});

	it('entered and left lead from the members at the activation to those of the last evaluation', () => {
		everyHistory((seed) => {
			const { replayed, now } = memberHistory(seed, false);
			expect([...replayed].sort()).toEqual([...now].sort());
		}, 1 / 3);
	});

	it('nobody is told to have entered or left who did not', () => {
		everyHistory((seed) => {
			const { events, everIn, outAfterIn } = memberHistory(seed, true);
			const isReal = ({ change, id }: { change: string; id: string }) =>
				change === 'entered' ? everIn.has(id) : outAfterIn.has(id);
			expect(events.filter((event) => !isReal(event))).toEqual([]);
		}, 1 / 3);
	});
});

function statusHistory(seed: number, losesCursors: boolean) {
	const random = generator(seed);
	const upTo = (n: number) => Math.floor(random() * n);
	const service = new Service<SegmentRow>();
	const ids = Array.from({ length: 8 }, (_, n) => personId(n));
	const codes = new Map<string, number>();
	const had = new Map<string, Set<number>>();
	const write = (id: string, code: number) => {
		codes.set(id, code);
		const known = had.get(id) ?? new Set();
		had.set(id, known.add(code));
		service.write(id, ({ version, modifiedOn }) =>
			readSegmentRow({
				msdynmkt_segmentid: id,
				statuscode: code,
				modifiedon: new Date(modifiedOn * 1000).toISOString(),
				versionnumber: version,
			}),
		);
	};
	for (const id of ids.slice(0, 5)) write(id, 1 + upTo(9));
	const start = new Map(codes);
	const keeper = new Keeper<StatusCursor>(
		seedStatuses({ rows: service.all(), isComplete: true, serviceTime: service.now }),
	);
	const events: { eventId: string; text: string; id: string; from?: number; to: number }[] = [];
	const replay = new Map(start);
	const poll = (most: number, isSaveLost = false) => {
		const isFull = random() < 0.1;
		const rows = isFull ? service.all() : service.window(keeper.memory);
		const answer = { rows, isComplete: true, isFull, serviceTime: service.now };
		const { changes, next } = stepStatuses(keeper.memory, answer, () => true, most);
		for (const change of changes) {
			const { eventId } = statusEvent(ORIGIN, change);
			const { row, from } = change;
			// What was created keeps its event, whatever status it has got meanwhile.
			const text = from === undefined ? `${row.id} new` : `${row.id} ${from.code} ${row.code}`;
			events.push({ eventId, text, id: row.id, from: from?.code, to: row.code });
			replay.set(row.id, row.code);
		}
		keeper.keep(next, changes.length > 0, isSaveLost);
	};
	for (let step = 0; step < STEPS; step += 1) {
		const what = random();
		const id = ids[upTo(ids.length)] ?? '';
		if (what < 0.3) write(id, 1 + upTo(9));
		else if (what < 0.5 && codes.has(id)) write(id, codes.get(id) ?? 1);
		else if (what < 0.85) poll(1 + upTo(4), losesCursors && random() < 0.3);
		else if (what < 0.88) service.jump((random() - 0.3) * 10_000);
		else if (what < 0.92 && losesCursors) keeper.restart();
		else if (what < 0.95 && losesCursors) {
			keeper.goBack(random);
			keeper.restart();
		}
		service.pass(random() * 60);
	}
	for (let n = 0; n < 12; n += 1) poll(100);
	return { events, had, now: [...codes].sort(), replayed: [...replay].sort() };
}

function memberHistory(seed: number, losesCursors: boolean) {
	const random = generator(seed);
	const upTo = (n: number) => Math.floor(random() * n);
	const people = Array.from({ length: 30 }, (_, n) => personId(n));
	let now = new Set(people.slice(0, 10));
	const start = new Set(now);
	const everIn = new Set(now);
	const outAfterIn = new Set<string>();
	let evaluation = 0;
	const seeded: MemberCursor = { ids: packIds([...now].sort()), asOf: 'e0', latest: 'e0', isDue: false };
	const keeper = new Keeper(seeded);
	const events: { change: string; id: string }[] = [];
	const replayed = new Set(start);
	const poll = (most: number, isSaveLost = false) => {
		const { memory } = keeper;
		const cursor = { ...memory, latest: `e${evaluation}`, isDue: true };
		const { changes, next } = diffMembers(cursor, now, most) ?? { changes: [], next: cursor };
		for (const { change, id } of changes) {
			events.push({ change, id });
			if (change === 'entered') replayed.add(id);
			else replayed.delete(id);
		}
		keeper.keep(next, changes.length > 0, isSaveLost);
	};
	for (let step = 0; step < STEPS; step += 1) {
		const what = random();
		if (what < 0.4) {
			evaluation += 1;
			const next = new Set(people.filter((id) => (now.has(id) ? random() < 0.8 : random() < 0.3)));
			for (const id of now) if (!next.has(id)) outAfterIn.add(id);
			for (const id of next) everIn.add(id);
			now = next;
		} else if (what < 0.85) poll(1 + upTo(8), losesCursors && random() < 0.3);
		else if (what < 0.92 && losesCursors) keeper.restart();
		else if (losesCursors) {
			keeper.goBack(random);
			keeper.restart();
		}
	}
	poll(1_000);
	return { events, everIn, outAfterIn, now, replayed };
}
