/** The command line of the probe. */

import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run --silent probe -- --url URL --tenant T --client-id C [options]

Asks a Dataverse environment what it has and allows, and which assumptions of this package hold there. Reads only, unless
--trial is given. The client secret is read from DATAVERSE_CLIENT_SECRET, or asked for.

  --url <url>              environment, e.g. https://contoso.crm4.dynamics.com
  --tenant <id>            tenant ID or domain
  --client-id <id>         client ID of the app registration
  --login-url <url>        default https://login.microsoftonline.com
  --certificate <file>     PEM file with certificate and private key, instead of a secret
  --device-code            sign in as a person, in a browser, instead of a secret
  --trial[=publish]        also make a draft segment and throw it away; =publish takes it live for some minutes
  --test-contact <email>   with --trial=publish: also create a contact with this address. The tenant's flows see it.
  --clean-up               take away what a trial left, and nothing else
  --yes                    do not ask for confirmation
  --yes-production         a trial in a production environment, or in one of an unknown type
  --out <file>             where environment.json is written; default environment.json
  --json                   print the report as JSON
  --help                   this text

A role that can read: Marketing Professional - Business, or a role with the rights that the report names as missing.
`;

type SignInWay = 'certificate' | 'deviceCode' | 'secret';

export interface CliOptions {
	readonly url: string;
	readonly tenant: string;
	readonly clientId: string;
	readonly loginUrl: string;
	readonly way: SignInWay;
	readonly certificate?: string;
	/** 0: reads only. */
	readonly level: 0 | 1 | 2;
	readonly testContact?: string;
	readonly cleanUp: boolean;
	readonly yes: boolean;
	readonly yesProduction: boolean;
	readonly out: string;
	readonly json: boolean;
}

/** Something the user can correct by calling again. */
export class UsageError extends Error {}

/** @throws UsageError for what is missing or does not go together */
export function readOptions(args: readonly string[]): CliOptions | 'help' {
	// parseArgs knows no option whose value may be left out.
	const plain = args.map((arg) => (arg === '--trial' ? '--trial=draft' : arg));
	const { values } = parsed(plain);
	if (values.help === true) return 'help';
	const level = levelOf(values.trial);
	const testContact = values['test-contact'];
	if (testContact !== undefined && level !== 2) {
		throw new UsageError('--test-contact needs --trial=publish.');
	}
	if (testContact !== undefined && !/^[^\s@]+@[^\s@]+$/.test(testContact)) {
		throw new UsageError('--test-contact is not an e-mail address.');
	}
	const { certificate } = values;
	if (certificate !== undefined && values['device-code'] === true) {
		throw new UsageError('--certificate and --device-code do not go together.');
	}
	return {
		url: required('url', values.url),
		tenant: required('tenant', values.tenant),
		clientId: required('client-id', values['client-id']),
		loginUrl: values['login-url'] ?? 'https://login.microsoftonline.com',
		way: values['device-code'] === true ? 'deviceCode' : certificate === undefined ? 'secret' : 'certificate',
		certificate,
		level,
		testContact,
		cleanUp: values['clean-up'] === true,
		yes: values.yes === true,
		yesProduction: values['yes-production'] === true,
		out: values.out ?? 'environment.json',
		json: values.json === true,
	};
}

function parsed(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				certificate: { type: 'string' },
				'clean-up': { type: 'boolean' },
				'client-id': { type: 'string' },
				'device-code': { type: 'boolean' },
				help: { type: 'boolean' },
				json: { type: 'boolean' },
				'login-url': { type: 'string' },
				out: { type: 'string' },
				tenant: { type: 'string' },
				'test-contact': { type: 'string' },
				trial: { type: 'string' },
				url: { type: 'string' },
				yes: { type: 'boolean' },
				'yes-production': { type: 'boolean' },
			},
		});
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function levelOf(trial: string | undefined): 0 | 1 | 2 {
	switch (trial) {
		case undefined:
			return 0;
		case 'draft':
			return 1;
		case 'publish':
			return 2;
		default:
			throw new UsageError(`--trial takes no value or publish, not ${JSON.stringify(trial)}.`);
	}
}

function required(name: string, value: string | undefined): string {
	if (value !== undefined && value !== '') return value;
	throw new UsageError(`--${name} is missing.`);
}
