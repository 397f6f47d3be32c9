/** Has a compiled module load the others where it first needs them; returns what it is after the change. */
export function withLazyRequires(text: string): string;
/** Changes every module in the folder. */
export function makeRequiresLazy(folder: string): Promise<void>;
