/** A client of the Model Context Protocol over HTTP, as far as tools are listed and called. */

import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';

export interface McpTool {
	readonly name: string;
	readonly description: string;
	readonly inputSchema: IDataObject;
}

/** https://modelcontextprotocol.io/specification/2025-06-18/basic/transports */
export class McpClient {
	private id = 0;
	private session: string | undefined;

	constructor(
		private readonly url: string,
		private readonly token: string,
	) {}

	async connect(): Promise<void> {
		const clientInfo = { name: 'test', version: '1' };
		await this.ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
		await this.send({ method: 'notifications/initialized' });
	}

	async tools(): Promise<readonly McpTool[]> {
		return (await this.ask<{ tools: McpTool[] }>('tools/list', {})).tools;
	}

	/** @returns the text that the tool gives to the model */
	async call(name: string, given: IDataObject): Promise<string> {
		const { content } = await this.ask<{ content: { text: string }[] }>('tools/call', {
			name,
			arguments: given,
		});
		return content.map(({ text }) => text).join('\n');
	}

	private async ask<T>(method: string, params: object): Promise<T> {
		this.id += 1;
		const text = await this.send({ id: this.id, method, params });
		const answer = messagesIn(text).find(({ id }) => id === this.id);
		if (answer?.result !== undefined) return answer.result as T;
		throw new Error(`${method} was answered with ${text.slice(0, 500)}`);
	}

	private async send(message: object): Promise<string> {
		const { data, headers } = await axios.post<string>(
			this.url,
			{ jsonrpc: '2.0', ...message },
			{
				headers: {
					accept: 'application/json, text/event-stream',
					authorization: `Bearer ${this.token}`,
					...(this.session !== undefined && { 'mcp-session-id': this.session }),
				},
				responseType: 'text',
				transformResponse: (text: string) => text,
				timeout: 60_000,
			},
		);
		this.session ??= headers['mcp-session-id'] as string | undefined;
		return data;
	}
}

interface Answer {
	readonly id?: number;
	readonly result?: unknown;
}

/** An answer is one JSON text, or events with one each. */
function messagesIn(text: string): readonly Answer[] {
	if (text.startsWith('{')) return [JSON.parse(text) as Answer];
	return [...text.matchAll(/^data: (.+)$/gm)].map(([, json = '{}']) => JSON.parse(json) as Answer);
}
