import type { IDataObject, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/**
 * Parameters as the editor stores them: tests name an option by its own name, and it is put into the collection of Options
 * in which the node has it. A query that is given as text means that Text was chosen, and groups of a new segment stand in
 * Options.
 *
 * @throws for an option that the operation does not have
 */
export function storedParameters(
	{ properties }: Pick<INodeTypeDescription, 'properties'>,
	given: INodeParameters,
): INodeParameters {
	const mode = 'query' in given ? { queryMode: 'text' } : {};
	const { groups, ...others } = given;
	const parameters: INodeParameters = {
		...mode,
		...others,
		...(groups === undefined ? {} : { options: { ...(others.options as INodeParameters), groups } }),
	};
	const { options } = parameters;
	const collection = properties.find(
		({ displayOptions, name }) =>
			name === 'options' &&
			displayOptions?.show?.resource?.includes(parameters.resource as string) === true &&
			displayOptions.show.operation?.includes(parameters.operation as string) === true,
	);
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
