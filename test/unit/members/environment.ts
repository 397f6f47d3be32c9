/** A real environment over HTTP for the tests of one file. */

import { DataverseClient } from '../../../core/dataverse/client';
import type { DataverseClientOptions } from '../../../core/dataverse/types';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../emulator';
import { HttpTransport } from '../../support/httpTransport';
import { msalToken } from '../../support/msalToken';
import { VirtualClock } from '../../support/virtualClock';

export interface Environment {
	readonly emulator: Emulator;
	client(options?: Partial<DataverseClientOptions>): DataverseClient;
	/** Requests for data since the log was cleared; parts of `$batch` are not counted again. */
	requests(): readonly { readonly method: string; readonly path: string }[];
}

/** Starts before the first test and stops after the last. */
export function useEnvironment(options: EmulatorOptions = {}): Environment {
	let emulator: Emulator | undefined;
	let transport: HttpTransport | undefined;
	beforeAll(async () => {
		emulator = await startEmulator(options);
		transport = new HttpTransport(await msalToken(emulator));
	});
	afterAll(async () => {
		transport?.close();
		await emulator?.close();
	});
	const started = () => {
		if (emulator === undefined || transport === undefined) throw new Error('The environment is not started.');
		return { emulator, transport };
	};
	return {
		get emulator() {
			return started().emulator;
		},
		client: (more = {}) =>
			new DataverseClient({
				environmentUrl: started().emulator.url,
				transport: started().transport,
				clock: new VirtualClock(),
				random: () => 1,
				...more,
			}),
		requests: () =>
			started()
				.emulator.control.log()
				.filter(({ batch }) => batch === undefined),
	};
}

/** The n-th person of the tests' own, by a prefix of eight digits. */
export function idOf(n: number, prefix = 'aaaaaaaa'): string {
	return `${prefix}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}
