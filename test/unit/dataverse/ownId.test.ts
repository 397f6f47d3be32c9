import fc from 'fast-check';

import { isGuid } from '../../../core/dataverse/text/guid';
import { nameKey, ownId, uuidV5 } from '../../../core/dataverse/text/ownId';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const URL_SPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

describe('ids that follow from what a row is', () => {
	it('are UUIDs of version 5, as RFC 9562 prints one in appendix A.4 and as other libraries make them', () => {
		expect(uuidV5(DNS, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
		expect(uuidV5(URL_SPACE, 'https://contoso.crm4.dynamics.com/ä')).toBe(
			'a7537a62-9c97-5a64-b478-e4951f74158d',
		);
	});

	it('are the same for everybody who asks, in every version of the package', () => {
		expect(ownId('segment', 'autumn')).toBe(ownId('segment', 'autumn'));
		expect(ownId('segment', 'autumn')).toBe('df67f3f7-6d9f-5d29-9534-8a0316b7fb07');
	});

	it('differ by kind of row, by part, and by where one part ends', () => {
		const ids = [
			ownId('segment', 'a'),
			ownId('segmentDefinition', 'a'),
			ownId('segment', 'a', ''),
			ownId('segment', 'a', 'bc'),
			ownId('segment', 'ab', 'c'),
			ownId('segment', 'a","bc'),
		];
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('can be sent as they are, whatever the parts are', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
				expect(isGuid(ownId('contact', a, b))).toBe(true);
			}),
		);
	});

	it('take names that differ by blanks around them, case or the spelling of an accent for one name', () => {
		expect(nameKey(' Autumn ')).toBe(nameKey('autumn'));
		expect(nameKey('Caf\u00e9\u00a0')).toBe(nameKey('cafe\u0301'));
		expect(nameKey('Autumn 2')).not.toBe(nameKey('Autumn2'));
	});
});
