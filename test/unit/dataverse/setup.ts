import { DataverseClient } from '../../../core/dataverse/client';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import type { DataverseClientOptions, Page } from '../../../core/dataverse/types';
import { HttpTransport } from '../../support/httpTransport';
import { ScriptedServer, type Reply } from '../../support/scriptedServer';
import { VirtualClock } from '../../support/virtualClock';

export const ID = '1f0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e90';
export const OTHER_ID = '2a0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e91';

/** A server for the tests of one file. */
export function useServer(): ScriptedServer {
	const server = new ScriptedServer();
	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());
	return server;
}

const transports: HttpTransport[] = [];
afterAll(() => transports.splice(0).forEach((transport) => transport.close()));

export function clientOf(server: ScriptedServer, options: Partial<DataverseClientOptions> = {}) {
	const clock = new VirtualClock();
	const transport = new HttpTransport();
	transports.push(transport);
	const client = new DataverseClient({
		environmentUrl: server.url,
		transport,
		clock,
		random: () => 1,
		...options,
	});
	return { client, clock };
}

/** An error reply of the service. */
export function refusal(
	status: number,
	code: string,
	message = 'Text.',
	headers: Reply['headers'] = {},
): Reply {
	return { status, headers, body: { error: { code, message } } };
}

/** The error that the promise ends with; anything else fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<DataverseError> {
	const outcome = await promise.then(
		() => 'no error',
		(error: unknown) => error,
	);
	expect(outcome).toBeInstanceOf(DataverseError);
	return outcome as DataverseError;
}

export async function allPages(pages: AsyncGenerator<Page>): Promise<readonly Page[]> {
	const all: Page[] = [];
	for await (const page of pages) all.push(page);
	return all;
}

/** A batch reply of HTTP answers. */
export function batchReply(
	parts: readonly { status: number; body?: unknown; headers?: Readonly<Record<string, string>> }[],
	options: { readonly lineBreak?: string; readonly changeSet?: boolean; readonly status?: number } = {},
): Reply {
	const br = options.lineBreak ?? '\r\n';
	const answers = parts.map(({ status, body, headers }, index) =>
		[
			'Content-Type: application/http',
			'Content-Transfer-Encoding: binary',
			...(options.changeSet === true ? [`Content-ID: ${index + 1}`] : []),
			'',
			`HTTP/1.1 ${status} Whatever`,
			'Content-Type: application/json',
			...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
			'',
			body === undefined ? '' : JSON.stringify(body),
		].join(br),
	);
	const outer = 'batchresponse_1';
	const content = options.changeSet === true ? [nested(answers, br)] : answers;
	return {
		status: options.status ?? 200,
		headers: { 'Content-Type': `multipart/mixed; boundary=${outer}` },
		body: multipart(content, outer, br),
	};
}

function nested(answers: readonly string[], br: string): string {
	const boundary = 'changesetresponse_1';
	return `Content-Type: multipart/mixed; boundary=${boundary}${br}${br}${multipart(answers, boundary, br)}`;
}

function multipart(parts: readonly string[], boundary: string, br: string): string {
	return `${parts.map((part) => `--${boundary}${br}${part}${br}`).join('')}--${boundary}--${br}`;
}
