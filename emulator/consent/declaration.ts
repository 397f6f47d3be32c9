import type { ActionDeclaration } from '../contracts';
import { CHECK_CONSENT, otherInputs, toolInputs } from './checkConsent';

/** What `customapis` tells of the check, where it is there. */
export function declareCheckConsent(assumption: (id: string) => string): readonly ActionDeclaration[] {
	const names = assumption('checkConsentNames');
	if (names === 'absent') return [];
	const inputs = names === 'guessed' ? toolInputs : otherInputs;
	const text = (name: string) => ({ name, type: 'String' as const });
	return [
		{
			name: CHECK_CONSENT,
			kind: 'customApi',
			isPrivate: false,
			parameters: inputs.map((name) => ({ ...text(name), isOptional: false })),
			outputs: ['decision', 'reason'].map(text),
		},
	];
}
