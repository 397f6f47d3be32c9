/** The `Prefer` header: what was asked, and what the answer confirms in `Preference-Applied`. */

export interface Preferences {
	readonly representation: boolean;
	/** `odata.track-changes` */
	readonly trackChanges: boolean;
	/** At most 5000. */
	readonly pageSize?: number;
	/** Whether an annotation of this name is wanted. */
	wants(annotation: string): boolean;
	readonly anyAnnotations: boolean;
	/** The annotations as asked, for the echo. */
	readonly annotations?: string;
}

export const largestPage = 5000;
export const formattedValue = 'OData.Community.Display.V1.FormattedValue';
export const lookupLogicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';
export const associatedNavigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';
export const totalCount = 'Microsoft.Dynamics.CRM.totalrecordcount';
export const totalCountExceeded = 'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded';
export const moreRecords = 'Microsoft.Dynamics.CRM.morerecords';
export const pagingCookie = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie';

/** Header names are lower case. Unknown preferences are ignored, as RFC 7240 wants. */
export function readPreferences(headers: Readonly<Record<string, string>>): Preferences {
	const text = headers.prefer ?? '';
	const quoted = /odata\.include-annotations\s*=\s*(?:"([^"]*)"|([^,;\s]+))/i.exec(text);
	const annotations = quoted?.[1] ?? quoted?.[2];
	const size = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(text)?.[1];
	const patterns = (annotations ?? '').split(',').map((part) => part.trim());
	return {
		representation: /(^|[,;\s])return\s*=\s*representation/i.test(text),
		trackChanges: /\bodata\.track-changes\b/i.test(text),
		pageSize: size === undefined || Number(size) === 0 ? undefined : Math.min(Number(size), largestPage),
		wants: (annotation) => patterns.some((pattern) => matches(pattern, annotation)),
		anyAnnotations: annotations !== undefined,
		annotations,
	};
}

function matches(pattern: string, annotation: string): boolean {
	return pattern.endsWith('*') ? annotation.startsWith(pattern.slice(0, -1)) : pattern === annotation;
}

/** Value of `Preference-Applied` for the preferences that this answer obeyed; undefined when there were none. */
export function applied(
	preferences: Preferences,
	obeyed: { page?: boolean; representation?: boolean },
): string | undefined {
	const parts: string[] = [];
	if (obeyed.representation && preferences.representation) parts.push('return=representation');
	if (obeyed.page && preferences.pageSize !== undefined)
		parts.push(`odata.maxpagesize=${preferences.pageSize}`);
	if (preferences.annotations !== undefined)
		parts.push(`odata.include-annotations="${preferences.annotations}"`);
	return parts.length === 0 ? undefined : parts.join(', ');
}
