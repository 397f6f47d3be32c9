/**
 * How the list of columns marks those whose values are chosen from a list as well: n8n decides which fields to show by the
 * values of their neighbors alone, and a logical name does not say what type it is of.
 */

const MARK = ':choice';

/** As the list of columns stores it. */
export const withChoices = (logicalName: string): string => `${logicalName}${MARK}`;

/** Whether the column was chosen from the list and is one with choices, which the list marks. */
export const hasChoices = (stored: string): boolean => stored.endsWith(MARK);

/** The logical name, whether it was chosen from the list or written. */
export const columnNameOf = (stored: string): string =>
	hasChoices(stored) ? stored.slice(0, -MARK.length) : stored;

/** For `displayOptions` beside the column. */
export const IS_CHOICE = { _cnd: { endsWith: MARK } } as const;
