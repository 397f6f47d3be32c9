/** Consent of core against the emulator, over axios, with a stranger who writes between two requests. */

import { DataverseClient } from '../../../core/dataverse/client';
import type { Transport } from '../../../core/dataverse/http/ports';
import { readContactPoint } from '../../../core/people/consent/contactPoint';
import type { RecordOrder } from '../../../core/people/consent/planRecord';
import { findPurpose, readPurposes } from '../../../core/people/consent/purposes';
import { startEmulator, type Emulator } from '../../../emulator';
import { consentIds, consentType, consentValue } from '../../../emulator/consent';
import { axiosTransport } from '../../support/axiosTransport';
import { msalToken } from '../../support/msalToken';
import { VirtualClock } from '../../support/virtualClock';

export const CONSENT_SET = 'msdynmkt_contactpointconsent4s';
const { purposes, topics } = consentIds;

export interface StrangersRow {
	readonly address: string;
	readonly value: keyof typeof consentValue;
	readonly topicId?: string;
	readonly purposeId?: string;
	readonly source?: number;
	readonly changes?: Readonly<Record<string, unknown>>;
}

export class ConsentWorld {
	/** Called before each request is sent, with its number from 1. */
	beforeRequest: (number: number, request: Parameters<Transport['send']>[0]) => void = () => undefined;
	private sentRequests = 0;

	private constructor(readonly emulator: Emulator) {}

	static async start(): Promise<ConsentWorld> {
		return new ConsentWorld(await startEmulator({ clockSpeed: 600, tokenLifetimeSeconds: 10_000_000 }));
	}

	get control() {
		return this.emulator.control;
	}

	client(): DataverseClient {
		this.sentRequests = 0;
		const token = msalToken(this.emulator);
		const inner = axiosTransport(() => token);
		const clock = new VirtualClock();
		clock.onSleep = (ms) => this.control.advanceClock(ms);
		const transport: Transport = {
			send: async (request, signal) => {
				this.sentRequests += 1;
				this.beforeRequest(this.sentRequests, request);
				return await inner.send(request, signal);
			},
		};
		return new DataverseClient({ environmentUrl: this.emulator.url, transport, clock });
	}

	async order(
		changes: Partial<RecordOrder> = {},
		purpose: string = purposes.commercial,
	): Promise<RecordOrder> {
		return {
			channel: 'email',
			purpose: findPurpose(await readPurposes(this.client()), purpose),
			topics: [],
			value: 'optedIn',
			source: 'test',
			overruleOptOuts: false,
			unitScoping: 'unknown',
			...changes,
		};
	}

	/** A row that somebody else writes: the preference centre (004) unless said otherwise. */
	stranger({ address, value, topicId, purposeId, source = 534120004, changes = {} }: StrangersRow): void {
		this.control.seed({
			rows: {
				[CONSENT_SET]: [
					{
						msdynmkt_contactpointvalue: address,
						msdynmkt_contactpointtype: 534120000,
						msdynmkt_contactpointconsenttype: topicId === undefined ? consentType.purpose : consentType.topic,
						msdynmkt_value: consentValue[value],
						msdynmkt_source: source,
						msdynmkt_logicalreason: 534119999,
						msdynmkt_purposeid: purposeId ?? purposes.commercial,
						...(topicId === undefined ? {} : { msdynmkt_topicid: topicId }),
						...changes,
					},
				],
			},
		});
	}

	/** What the sender would decide. */
	isSent(address: string, topicId?: string): boolean | undefined {
		return this.control.decideConsent({
			address,
			channel: 534120000,
			purposeId: purposes.commercial,
			profileId: consentIds.profiles.default,
			...(topicId === undefined ? {} : { topicId }),
		})?.sent;
	}

	rowsOf(address: string): readonly Record<string, unknown>[] {
		return this.control
			.rows(CONSENT_SET)
			.filter((row) => String(row.msdynmkt_contactpointvalue).toLowerCase() === address.toLowerCase());
	}

	async close(): Promise<void> {
		await this.emulator.close();
	}
}

/** Addresses as the nodes read them. */
export function addressesOf(...given: readonly string[]): ReadonlyMap<string, readonly string[]> {
	return new Map(
		given.map((text) => {
			const read = readContactPoint('email', text);
			if ('reason' in read) throw new Error(`${text} is no address`);
			return [read.key, read.spellings] as const;
		}),
	);
}

export { purposes, topics };
