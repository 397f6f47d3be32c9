/** What every bare loop has: axios, a token, connections that stay open, and a number of calls in flight. */

import { Agent } from 'node:http';

import axios, { type AxiosInstance } from 'axios';

/** Signs in once and returns a client for the Web API. */
export async function webApi(url: string): Promise<AxiosInstance> {
	const form = 'grant_type=client_credentials&client_id=bench&client_secret=bench';
	const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
	const { data } = await axios.post<{ readonly access_token: string }>(
		`${url}/bench/oauth2/v2.0/token`,
		form,
		{ headers },
	);
	return axios.create({
		baseURL: `${url}/api/data/v9.2/`,
		httpAgent: new Agent({ keepAlive: true }),
		maxBodyLength: Infinity,
		headers: { Authorization: `Bearer ${data.access_token}`, Accept: 'application/json' },
	});
}

/** Cuts a list into chunks and sends so many of them at a time. */
export async function inChunks<T>(
	list: readonly T[],
	size: number,
	parallel: number,
	send: (chunk: readonly T[], start: number) => Promise<unknown>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			const start = next;
			next += size;
			await send(list.slice(start, start + size), start);
		}
	};
	await Promise.all(Array.from({ length: parallel }, worker));
}
