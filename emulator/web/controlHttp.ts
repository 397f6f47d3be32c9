import type { EmulatorControl } from './control';
import { controlRoutes, type ControlRoute } from './controlRoutes';
import { decodeLeniently, headerValue, jsonAnswer, splitUrl, type Answer, type Incoming } from './messages';

const prefix = '/__emulator';

export function isControlUrl(url: string): boolean {
	const { path } = splitUrl(url);
	return path === prefix || path.startsWith(`${prefix}/`);
}

/**
 * Answers a request to the control endpoint. A browser page of another origin is kept out: it would carry an `Origin`
 * header, or a host name that is not this machine.
 */
export function answerControl(request: Incoming, control: EmulatorControl): Answer {
	const host = headerValue(request.headers, 'host') ?? '';
	if (
		!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) ||
		headerValue(request.headers, 'origin') !== undefined
	) {
		return jsonAnswer(403, { error: 'The control endpoint answers programs on this machine only.' });
	}
	const { path, query } = splitUrl(request.url.slice(prefix.length));
	if (path === '' || path === '/') return jsonAnswer(200, listing());
	const match = matchRoute(request.method, path);
	if (!match)
		return jsonAnswer(404, { error: `There is no ${request.method} ${prefix}${path}.`, routes: listing() });
	try {
		const body: unknown = request.body.trim() === '' ? {} : JSON.parse(request.body);
		const result = match.route.run({ control, id: match.id, query: new URLSearchParams(query), body });
		return result === undefined ? { status: 204, headers: {} } : jsonAnswer(200, result);
	} catch (error) {
		return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
	}
}

function listing(): readonly string[] {
	return controlRoutes.map(({ about, method, path }) => `${method} ${prefix}${path}: ${about}`);
}

function matchRoute(
	method: string,
	path: string,
): { readonly route: ControlRoute; readonly id: string } | undefined {
	for (const route of controlRoutes) {
		if (route.method !== method) continue;
		const pattern = new RegExp(`^${route.path.replace('{id}', '([^/]+)')}$`);
		const match = pattern.exec(path);
		if (match) return { route, id: decodeLeniently(match[1] ?? '') };
	}
	return undefined;
}
