/** An emulator and the probe against it over HTTP, with a clock that moves the emulator's. */

import { DataverseClient } from '../../core/dataverse/client';
import type { Transport } from '../../core/dataverse/http/ports';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator';
import { probe, type ProbeOptions, type ProbeReport } from '../../probe/probe';
import { HttpTransport } from '../support/httpTransport';
import { VirtualClock } from '../support/virtualClock';
import { bearer } from './web/support';

const TEN_YEARS = 315_360_000;

export interface ProbeWorld {
	readonly emulator: Emulator;
	readonly transport: Transport;
	readonly clock: VirtualClock;
	run(options?: Partial<ProbeOptions>): Promise<ProbeReport>;
	client(): DataverseClient;
	close(): Promise<void>;
}

export async function startProbeWorld(options: EmulatorOptions = {}): Promise<ProbeWorld> {
	const emulator = await startEmulator({
		contacts: 30,
		clockSpeed: 0,
		tokenLifetimeSeconds: TEN_YEARS,
		...options,
	});
	const transport = new HttpTransport(await bearer(emulator));
	const clock = new VirtualClock();
	clock.onSleep = (ms) => emulator.control.advanceClock(ms);
	const base = { url: emulator.url, transport, clock };
	return {
		emulator,
		transport,
		clock,
		run: async (further = {}) => await probe({ ...base, ...further }),
		client: () => new DataverseClient({ environmentUrl: emulator.url, transport, clock }),
		close: async () => {
			transport.close();
			await emulator.close();
		},
	};
}

/** A live segment and a static one of more members than a page holds, as a tenant has them. */
export function seedTenant({ control }: Emulator, members: number): void {
	const ids = control.rows('contacts').map(({ contactid }) => String(contactid));
	const add = (name: string, type: number, query: string, count: number) => {
		const [id, definition] = [crypto.randomUUID(), crypto.randomUUID()];
		const groups = JSON.stringify([
			{ groupId: crypto.randomUUID(), includeType: 'Include', name: 'Members', inputType: 'manualSelect' },
		]);
		control.seed({
			rows: {
				msdynmkt_segmentdefinitions: [
					{
						msdynmkt_segmentdefinitionid: definition,
						msdynmkt_name: name,
						msdynmkt_segmentquery: query,
						...(query === '' ? { msdynmkt_staticlistmembers: groups } : {}),
						statecode: 0,
						statuscode: 723270000,
					},
				],
				msdynmkt_segments: [
					{
						msdynmkt_segmentid: id,
						msdynmkt_sourcesegmentuid: definition,
						msdynmkt_displayname: name,
						msdynmkt_type: type,
						msdynmkt_source: 12,
						msdynmkt_baseentitylogicalname: 'contact',
						statecode: 0,
						statuscode: 1,
					},
				],
			},
		});
		control.setMembers(id, ids.slice(0, count));
	};
	add('Newsletter', 11, 'PROFILE(contact)', 12);
	add('Everybody', 10, '', members);
}
