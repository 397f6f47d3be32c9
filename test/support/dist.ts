/** The package as it is published: what `npm run build` made of it. */

import { createRequire } from 'node:module';
import path from 'node:path';

const requireFromDist = createRequire(path.join(__dirname, '../../dist/package.js'));

/** Makes an instance of a class in dist/. @throws when the package has not been built, or has no such class. */
export function fromDist<T>(file: string, className: string): T {
	const exported = requireFromDist(file) as Readonly<Record<string, new () => T>>;
	const constructor = exported[className];
	if (constructor === undefined) throw new Error(`dist has no ${className}: run npm run build`);
	return new constructor();
}
