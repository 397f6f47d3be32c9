/** `NotReady` and `not_ready` become `Not Ready` and `not ready`, so that single words can be matched. */
export function separateWords(text: string): string {
	return text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
}

/** A figure with what it counts: "1 row", "2 rows". */
export function counted(figure: number, one: string, many = `${one}s`): string {
	return `${figure} ${figure === 1 ? one : many}`;
}
