/** Names of privileges: `prv`, the verb, and the schema name of the table. */

type Verb = 'Append' | 'AppendTo' | 'Assign' | 'Create' | 'Delete' | 'Read' | 'Write';

/** @param table schema name, e.g. `Contact` or `msdynmkt_segment` */
export function verbsOn(table: string, ...verbs: readonly Verb[]): readonly string[] {
	return verbs.map((verb) => `prv${verb}${table}`);
}

/** `prvReadContact` → `Contact` */
export function tableOfPrivilege(privilege: string): string {
	return privilege.replace(/^prv(?:AppendTo|Append|Assign|Create|Delete|Read|Write)/, '');
}

/** `prvReadContact` → `Read Contact`: what an administrator looks for in a security role. */
export function privilegeInWords(privilege: string): string {
	return privilege.replace(/^prv(AppendTo|Append|Assign|Create|Delete|Read|Write)/, '$1 ');
}
