/** What a measured process is asked to do, and what it answers. */

import type { StubTally } from './stub/protocol';

export type SystemName = 'outbound' | 'realTime';

/** The work of a run; each side does the same of it. */
export type Work =
	| { readonly kind: 'add'; readonly system: SystemName; readonly people: number; readonly parallel: number }
	| {
			readonly kind: 'addOneByOne';
			readonly system: SystemName;
			readonly people: number;
			readonly parallel: number;
	  }
	/** Get Many, with names and addresses or without. */
	| { readonly kind: 'read'; readonly people: number; readonly named?: boolean }
	| { readonly kind: 'resolve'; readonly people: number }
	| { readonly kind: 'sync'; readonly people: number; readonly changed: number }
	/** Add from a file with a line per person. */
	| { readonly kind: 'csv'; readonly by: 'email' | 'id'; readonly people: number }
	/** Add, with a summary or one item per row. */
	| { readonly kind: 'rows'; readonly report: 'oneItemPerRow' | 'summary'; readonly people: number }
	/** Add by address those who have an opt-in on record, which is everybody. */
	| { readonly kind: 'consent'; readonly people: number }
	/** Create people and add them. */
	| { readonly kind: 'create'; readonly people: number }
	| { readonly kind: 'compare'; readonly people: number; readonly changed: number }
	/** Add the members of another segment. */
	| { readonly kind: 'copySegment'; readonly people: number }
	/** Two triggers that find nothing new, again and again; `people` are the segments they watch. */
	| { readonly kind: 'poll'; readonly people: number; readonly polls: number };

export type Side =
	/** The node in n8n's engine. */
	| 'ours'
	/** A bare axios loop. */
	| 'peer'
	/** The same loop inside a node of the same engine, so that what n8n keeps of the items counts on both sides. */
	| 'peerInEngine';

export interface Job {
	readonly side: Side;
	readonly work: Work;
	readonly url: string;
	readonly latencyMs: number;
	/** Whether memory is what is measured; looking at it costs a part of the time. Default false. */
	readonly watchesMemory?: boolean;
}

export interface Memory {
	/** What making the items added to the heap. */
	readonly itemBytes: number;
	/** Resident bytes before the run, with the items in memory and the garbage collected. */
	readonly rssBefore: number;
	/** The most resident bytes of the process while it ran. */
	readonly rssPeak: number;
	readonly heapBefore: number;
	readonly heapPeak: number;
}

export interface Measurement {
	readonly ms: number;
	/** Processor time of the measured process, its garbage collection included. */
	readonly cpuMs: number;
	readonly memory: Memory;
	readonly tally: StubTally;
	/** What a side found out, where the stub cannot know it: members read, people resolved, differences, events. */
	readonly found?: number;
	/** The engine that evaluated n8n's expressions. */
	readonly expressions?: string;
}
