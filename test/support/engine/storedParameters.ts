import type { IDataObject, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/**
 * Parameters as the editor stores them: tests name an option by its own name, and it is put into the collection of Options
 * in which the node has it. A query that is given as text means that Text was chosen; groups of a new segment stand in
 * Options, and so does Report where the operation has it there.
 *
 * @throws for an option that the operation does not have
 */
export function storedParameters(
	{ properties }: Pick<INodeTypeDescription, 'properties'>,
	given: INodeParameters,
): INodeParameters {
	const mode = 'query' in given ? { queryMode: 'text' } : {};
	const own = properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(given.resource as string) === true &&
			displayOptions.show.operation?.includes(given.operation as string) === true,
	);
	const inOptions = ['groups', 'report'].filter(
		(name) => name in given && !own.some((property) => property.name === name),
	);
	const moved = Object.fromEntries(inOptions.map((name) => [name, given[name]]));
	const others = Object.fromEntries(Object.entries(given).filter(([name]) => !inOptions.includes(name)));
	const parameters: INodeParameters = {
		...mode,
		...others,
		...(inOptions.length === 0 ? {} : { options: { ...(others.options as INodeParameters), ...moved } }),
	};
	const { options } = parameters;
	const collection = own.find(({ name }) => name === 'options');
	if (typeof options !== 'object' || options === null || collection === undefined) return parameters;
	const stored: IDataObject = {};
	for (const [name, value] of Object.entries(options as IDataObject)) {
		const place = placeOf(collection, name);
		if (place === undefined) throw new Error(`The operation has no option "${name}".`);
		if (place === '') stored[name] = value;
		else stored[place] = { ...(stored[place] as IDataObject | undefined), [name]: value };
	}
	return { ...parameters, options: stored as INodeParameters };
}

/** The collection inside of Options that holds the option; empty where it stands in Options itself. */
function placeOf(options: INodeProperties, name: string): string | undefined {
	const entries = (options.options ?? []) as readonly INodeProperties[];
	if (entries.some((entry) => entry.name === name)) return '';
	const holds = ({ type, options: inner = [] }: INodeProperties) =>
		type === 'collection' && inner.some((entry) => entry.name === name);
	return entries.find(holds)?.name;
}
