/** `NotReady` and `not_ready` become `Not Ready` and `not ready`, so that words can be looked for. */
export function inWords(text: string): string {
	return text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
}
