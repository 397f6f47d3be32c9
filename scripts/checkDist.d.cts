/**
 * Looks over `dist/` below a folder that holds `package.json`.
 *
 * @returns one sentence for each fault, naming its file; none when it is fit to publish
 */
export function checkDist(root: string): readonly string[];
