import { createRequire } from 'node:module';

import { NodeApiError, TIMED_CAUSES } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import { placeholderNode } from './nodeTypes';

interface LaterFeature {
	readonly isThere: () => boolean;
	readonly since: string;
}

/** What n8n gained after the oldest release that the nodes run in. */
const LATER = {
	certificate: {
		isThere: () => isAtLeast(2, 30),
		since: 'n8n signs in with certificates from 2.30 on',
	},
	durableCursors: {
		isThere: () => isAtLeast(2, 36),
		since: 'n8n keeps the cursor of a poller in its database from 2.36 on',
	},
	errorDetails: {
		isThere: () => hasErrorDetails(),
		since: 'an n8n before 2.37 gets the sentence of an error alone',
	},
	signInText: {
		isThere: () => new NodeApiError(placeholderNode, new Error('cause') as never).cause !== undefined,
		since: 'an older n8n keeps the answer of the sign-in to itself; 2.37 passes it on',
	},
	takenOverToken: {
		isThere: () => isAtLeast(2, 10),
		since: 'an n8n before 2.10 renews a token although another process has just done so',
	},
} satisfies Readonly<Record<string, LaterFeature>>;

/** `test` where the n8n under test has the feature; elsewhere nothing runs, and what is left out is printed with why. */
export function testOf(feature: keyof typeof LATER): (name: string, body: () => Promise<void>) => void {
	const { isThere, since }: LaterFeature = LATER[feature];
	if (isThere()) return test;
	return (name) => void process.stderr.write(`Left out: "${name}" (${since}).\n`);
}

/**
 * What an item on the error branch has beside its sentence: these details, or nothing where the n8n under test would
 * send an item with details down the other branch.
 */
export function expectDetails(item: INodeExecutionData | undefined, details: object): void {
	expect(item?.json.error).toEqual(expect.any(String));
	if (hasErrorDetails()) expect(item?.json.details).toMatchObject(details);
	else expect(item?.json).not.toHaveProperty('details');
}

const hasErrorDetails = () => (TIMED_CAUSES as unknown) !== undefined;

function isAtLeast(major: number, minor: number): boolean {
	const manifest = createRequire(__filename)('n8n-core/package.json') as { readonly version: string };
	const [actualMajor = 0, actualMinor = 0] = manifest.version.split('.').map(Number);
	return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}
