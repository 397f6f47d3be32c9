/** The stub's control endpoint, seen from a measured process. */

import axios from 'axios';

import type { StubState, StubTally } from './protocol';

export async function resetStub(url: string, state: StubState): Promise<void> {
	await axios.post(`${url}/bench/reset`, state);
}

export async function tallyOf(url: string): Promise<StubTally> {
	return (await axios.get<StubTally>(`${url}/bench/tally`)).data;
}
