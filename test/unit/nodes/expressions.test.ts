import type { IExecuteFunctions } from 'n8n-workflow';

import { isConstant, itemReader } from '../../../nodes/shared/expressions';

describe('what is the same for all items', () => {
	test.each([
		'Newsletter',
		'{{ $json.segment }}',
		42,
		true,
		'={{ $vars.segment }}',
		'={{$env.SEGMENT}}',
		'={{ $workflow.id }}',
		'={{ $execution.customData["a b"] }}',
		"={{ $('Form Posted').first().json.body.segment }}",
		'={{ $("Form Posted").last().json["to"][0] }}',
	])('%s', (raw) => {
		expect(isConstant(raw)).toBe(true);
	});

	test.each([
		'={{ $json.segment }}',
		"={{ $('A').pairedItem().json.s }}",
		"={{ $('A').item.json.s }}",
		"={{ $('A').first(0, $runIndex).json.s }}",
		"={{ $('A').first().binary.data }}",
		'={{ $input["item"].json.s }}',
		'={{ (() => { const { item } = $input; return item.json.s })() }}',
		'={{ $vars[$json.key] }}',
		'={{ $vars.segment + $json.more }}',
		'={{ $vars.segment }}{{ $json.more }}',
		'={{ $now.toISO() }}',
		'={{ $workflow.name.replace("a", $json.b) }}',
		'=Newsletter',
	])('and what is not: %s', (raw) => {
		expect(isConstant(raw)).toBe(false);
	});
});

describe('a plain field', () => {
	/** Counts how often the engine is asked. */
	function readerOf(raw: string, json: unknown) {
		let asked = 0;
		const functions = {
			getInputData: () => [{ json }],
			getNodeParameter: (_name: string, _index: number, _fallback: unknown, options?: object) => {
				if (options !== undefined) return raw;
				asked += 1;
				return 'of the engine';
			},
		} as unknown as IExecuteFunctions;
		return { value: itemReader(functions, 'field').valueOf(0), asked };
	}

	test.each([
		['={{ $json.email }}', { email: 'a@b.c' }, 'a@b.c'],
		['={{$json["E-Mail"]}}', { 'E-Mail': 'a@b.c' }, 'a@b.c'],
		["={{ $json.contact['a.b'][1].id }}", { contact: { 'a.b': [0, { id: 7 }] } }, 7],
		['={{ $json.contact.email }}', {}, undefined],
		['={{ $json.email }}', { email: null }, null],
	])('%s is read without the engine', (raw, json, value) => {
		expect(readerOf(raw, json)).toEqual({ value, asked: 0 });
	});

	test.each([
		['={{ $json.email.length }}', { email: 'abc' }],
		['={{ $json.toString }}', {}],
		['={{ $json["a\\u0062"] }}', { ab: 1 }],
		['={{ $json.email ?? "" }}', {}],
		['={{ $json.email }} and more', {}],
	])('%s is not one', (raw, json) => {
		expect(readerOf(raw, json)).toEqual({ value: 'of the engine', asked: 1 });
	});
});
