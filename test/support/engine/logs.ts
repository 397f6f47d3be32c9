import type { Logger, LogMetadata } from 'n8n-workflow';
import { LoggerProxy } from 'n8n-workflow';

import { container, loggerService } from './environment';

/** One line that n8n, a node or a credential wrote to the server log. */
export interface LogLine {
	readonly level: 'error' | 'warn' | 'info' | 'debug';
	readonly message: string;
	readonly metadata: LogMetadata | undefined;
}

const lines: LogLine[] = [];

const write =
	(level: LogLine['level']) =>
	(message: string, metadata?: LogMetadata): void => {
		lines.push({ level, message, metadata });
	};

const capture: Logger & { scoped(): Logger } = {
	error: write('error'),
	warn: write('warn'),
	info: write('info'),
	debug: write('debug'),
	scoped: () => capture,
};

// Nodes log through the container's logger, n8n-workflow through its proxy; both are silent here and remembered.
container.set(loggerService, capture);
LoggerProxy.init(capture);

/**
 * Starts listening to the log of this process.
 *
 * @returns a function that gives all lines written since; runs that overlap in time see each other's lines.
 */
export function listenToLogs(): () => readonly LogLine[] {
	const start = lines.length;
	return () => lines.slice(start);
}
