import { FEATURES } from '../core/environment/featureList';
import { tableOf } from '../core/environment/featureRights';

const INTRODUCTION = `# Which rights the user of the credential needs

A security role gives rights per table and verb, with a depth. The depth has to cover the business units of the rows: a role that
reaches its own unit only sees a part of the people, of the segments and of the records of consent, and what it does not see looks
as if it were not there. Give each feature the rights of its row; everything else can stay off.

Which built-in roles have them: _Marketing Manager - Business_ and _Marketing Professional - Business_ of Customer Insights - Journeys
hold the rights on segments, consent, contacts and leads, the second one with create rights on its own rows only; their
business-unit variants see the rows of their own unit only. An application user does with a role of its own, which is the safer
choice: copy one of the two and take away what the table below does not ask for.

_Check_ (node _Dynamics 365 Segment_, resource _Environment_) reads the rights that the user really has and says for each feature which
right is missing. An operation that is refused names the right too. What Check may not read is "not known", never "no".

In the Power Platform admin center a role is edited under **Environments** → your environment → **Settings** → **Users +
permissions** → **Security roles**. Tables are shown there by their names; the names below are those that Check and the errors use.
`;

/** The rights of a feature, a table at a time: `Contact: Read, Create`. */
function rightsOf(rights: readonly string[]): string {
	const verbs = new Map<string, string[]>();
	for (const right of rights) {
		const table = tableOf(right);
		const verb = right.slice('prv'.length, right.length - table.length);
		verbs.set(table, [...(verbs.get(table) ?? []), verb]);
	}
	return [...verbs].map(([table, list]) => `${table}: ${list.join(', ')}`).join('<br>');
}

/** `docs/PERMISSIONS.md`, from the list that Check works with. */
export function printPermissions(): string {
	const rows = FEATURES.map(({ title, rights }) => `| ${title} | ${rightsOf(rights)} |`);
	return [INTRODUCTION, '| feature | rights |', '| --- | --- |', ...rows, ''].join('\n');
}
