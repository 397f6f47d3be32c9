import { FEATURES } from '../core/environment/featureList';
import { tableOfPrivilege } from '../core/environment/privilegeNames';

const INTRODUCTION = `# Which rights the user of the credential needs

A security role grants rights per table and verb, each with an access level. The access level has to cover the business units of the
rows: a role that reaches only its own unit sees only a part of the people, segments and consent records, and whatever it cannot see
seems not to exist. For each feature that you use, grant the rights in its row of the table below; everything else can stay off.

Two built-in roles of Customer Insights - Journeys, _Marketing Manager - Business_ and _Marketing Professional - Business_, have the
rights on segments, consent, contacts and leads; the second can create only rows of its own. Their business-unit variants see only the
rows of their own unit. An application user can have a role of its own, which is safer: copy one of the two roles and remove what the
table below does not ask for.

_Check_ (node _Dynamics 365 Segment_, resource _Environment_) reads the rights that the user actually has and says for each feature
which right is missing. An operation that is refused names the right too. What Check cannot read is "not known", never "no".

To edit a role, open the Power Platform admin center, **Environments** → your environment → **Settings** → **Users + permissions** →
**Security roles**. Tables are shown there by their display names; the names below are those that Check and the errors use.
`;

/** The rights of a feature, a table at a time: `Contact: Read, Create`. */
function rightsOf(rights: readonly string[]): string {
	const verbs = new Map<string, string[]>();
	for (const right of rights) {
		const table = tableOfPrivilege(right);
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
