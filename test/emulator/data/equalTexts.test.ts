import { errorOf, dataService } from './support';

const names = ['100% Real', '100 Real', 'a_c', 'abc', 'x[y]', 'xy'];

/** Two readings of the documentation: all filters on texts know wildcards, or `eq` compares. */
function people(reading: string) {
	const { found, get, send } = dataService({ assumptions: { equalTexts: reading } });
	for (const lastname of names) send('POST', 'contacts', { lastname });
	const quoted = (text: string) => text.replace(/'/g, "''");
	const byId = new Map(
		get('contacts?$select=lastname').json.value.map((row) => [row.contactid, row.lastname]),
	);
	const where = (filter: string) => found('contacts', 'contactid', filter).map((id) => byId.get(id));
	const fetched = (operator: string, text: string) => {
		const condition = `<condition attribute="lastname" operator="${operator}" value="${text}"/>`;
		const xml = `<fetch><entity name="contact"><attribute name="lastname"/><filter>${condition}</filter></entity></fetch>`;
		const reply = get(`contacts?fetchXml=${encodeURIComponent(xml)}`);
		return reply.status === 200 ? reply.json.value.map((row) => row.lastname) : errorOf(reply);
	};
	return { where, fetched, eq: (text: string) => where(`lastname eq '${quoted(text)}'`) };
}

describe.each([
	[
		'wildcards',
		{
			'100% Real': ['100% Real', '100 Real'],
			'100[%] Real': ['100% Real'],
			a_c: ['a_c', 'abc'],
			'a[_]c': ['a_c'],
			'x[y]': ['xy'],
			'x[[]y]': ['x[y]'],
			A_C: ['a_c', 'abc'],
		},
	],
	[
		'literal',
		{
			'100% Real': ['100% Real'],
			'100[%] Real': [],
			a_c: ['a_c'],
			'a[_]c': [],
			'x[y]': ['x[y]'],
			'x[[]y]': [],
			A_C: ['a_c'],
		},
	],
])('%s in an eq', (reading, expected) => {
	const { eq, fetched, where } = people(reading);

	it.each(Object.entries(expected))('%s', (text, rows) => {
		expect(eq(text)).toEqual(rows);
		expect(fetched('eq', text)).toEqual(rows);
		expect(where(`lastname ne '${text}'`)).toEqual(names.filter((name) => !rows.includes(name)));
		expect(fetched('ne', text)).toEqual(names.filter((name) => !rows.includes(name)));
	});

	it('contains and like know wildcards in any case', () => {
		expect(where("contains(lastname,'a_c')")).toEqual(['a_c', 'abc']);
		expect(fetched('like', 'a_c')).toEqual(['a_c', 'abc']);
	});
});
