const PARENT_CHECK_MS = 200;

/**
 * A signal to `npm run` ends npm and its shell without reaching what they started. A program that npm started as this
 * script ends when the shell is gone; started by itself, it may outlive the process that started it.
 */
export function stopWithNpm(script: string, stop: () => void): void {
	if (process.env.npm_lifecycle_event !== script) return;
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) stop();
	}, PARENT_CHECK_MS).unref();
}
