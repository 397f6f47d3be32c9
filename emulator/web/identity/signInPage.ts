import { escapeHtml } from '../messages';
import type { Person } from '../users';

/** The sign-in form. It posts to its own address; every parameter of the request travels in a hidden field. */
export function signInPage(parameters: URLSearchParams, people: readonly Person[]): string {
	const hidden = [...parameters]
		.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
		.join('\n');
	const choices = people.map((person, index) => choice(person, index === 0)).join('\n');
	return page(
		'Sign in to the Dataverse emulator',
		`<form method="post">
${hidden}
<fieldset><legend>Who signs in?</legend>
${choices}
</fieldset>
<button type="submit" name="decision" value="accept">Sign in</button>
<button type="submit" name="decision" value="cancel">Cancel</button>
</form>
<p>A local stand-in for the Microsoft sign-in page. There are no passwords.</p>`,
	);
}

/** Shown instead of a redirect when the address to return to cannot be trusted. */
export function signInErrorPage(message: string): string {
	return page('Sign-in is not possible', `<p>${escapeHtml(message)}</p>`);
}

function choice(person: Person, checked: boolean): string {
	const id = escapeHtml(person.userId);
	const mark = checked ? ' checked' : '';
	const label = `${escapeHtml(person.name)} (${escapeHtml(person.userName)})`;
	return `<p><label><input type="radio" name="user" value="${id}"${mark}> ${label}</label></p>`;
}

function page(title: string, content: string): string {
	const style = 'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}';
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${content}
</body></html>
`;
}
