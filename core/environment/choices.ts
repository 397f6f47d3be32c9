/** The choices of a column, as its definition lists them. */

import { isJsonObject, ownNumber, ownString, ownValue } from '../dataverse/http/json';

export interface Choice {
	/** What the Web API reads and writes. */
	readonly value: boolean | number;
	/** In all languages of the environment, in its order. */
	readonly localized: readonly string[];
	/** In the language of the caller. */
	readonly own?: string;
}

/** What people write for yes and no, besides the labels of the column. */
export const YES_NO_WORDS: ReadonlyMap<boolean | number, readonly string[]> = new Map([
	[true, ['true', 'yes', '1']],
	[false, ['false', 'no', '0']],
]);

/**
 * Reads a definition with its option set, of the column or shared by several.
 * @param isYesNo whether the column has two choices, true and false, instead of numbered ones
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/optionsetmetadata
 */
export function choicesOf(definition: unknown, isYesNo: boolean): readonly Choice[] {
	const set = ownValue(definition, 'OptionSet') ?? ownValue(definition, 'GlobalOptionSet');
	if (isYesNo) {
		return [
			{ value: true, ...labelsOf(ownValue(set, 'TrueOption')) },
			{ value: false, ...labelsOf(ownValue(set, 'FalseOption')) },
		];
	}
	const options = ownValue(set, 'Options');
	return (Array.isArray(options) ? (options as readonly unknown[]) : []).flatMap((option) => {
		const value = ownNumber(option, 'Value');
		return value === undefined ? [] : [{ value, ...labelsOf(option) }];
	});
}

function labelsOf(option: unknown): Pick<Choice, 'localized' | 'own'> {
	const label = ownValue(option, 'Label');
	const localized = ownValue(label, 'LocalizedLabels');
	const own = ownString(ownValue(label, 'UserLocalizedLabel'), 'Label');
	return {
		localized: (Array.isArray(localized) ? localized.filter(isJsonObject) : []).flatMap(
			(each) => ownString(each, 'Label') ?? [],
		),
		...(own === undefined ? {} : { own }),
	};
}
