/** The differences of a comparison as items, or as the lines of a CSV file: who left, then who entered. */

import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { Roster } from '../../../../core/accounting/roster';
import type { EntityRow } from '../../../../core/dataverse/types';
import type { Comparison } from '../../../../core/delivery/compare';
import { PersonRows, unreadWords, type RealTimeSegment } from '../../../../core/segments/realTime';
import type { WhyUnread } from '../../../../core/segments/types';
import type { OperationContext } from '../../../shared/operation';
import { readFlag, readTexts } from '../../../shared/read';
import type { Delivery } from '../../delivery/groupDeliveries';
import type { PeopleSource } from '../../input/peopleSource';
import { columnsToRead, CsvWriter, member } from '../memberColumns';
import type { Columns } from '../memberColumns';
import { realTimeMembersSystem } from './system';

/** What was compared, for the outputs. */
export interface Compared {
	readonly segment: RealTimeSegment;
	readonly delivery: Delivery;
	readonly source: PeopleSource;
	readonly roster: Roster;
	readonly comparison: Comparison;
}

/** So many people are read with one request. */
const PEOPLE_PER_READ = 500;

interface Difference {
	readonly change: 'entered' | 'left';
	readonly id: string;
	/** First row (0-based) that means somebody who left. */
	readonly row?: number;
	/** Empty for people who were deleted or may not be read. */
	readonly columns: EntityRow;
	readonly unread?: WhyUnread;
}

/** One item for each person who entered or left, with the row of the input where there is one. */
export async function differenceItems(
	context: OperationContext,
	compared: Compared,
): Promise<INodeExecutionData[]> {
	const { delivery, segment, source } = compared;
	const names = columnsOf(context, compared);
	const items: INodeExecutionData[] = [];
	for await (const { change, columns, id, row, unread } of differences(context, compared, names)) {
		items.push({
			json: {
				change,
				...member(id, columns, names, unread),
				row: row === undefined ? null : row + 1,
				segmentName: segment.name,
				segmentId: segment.id,
			},
			pairedItem: { item: row === undefined ? (delivery.itemIndices[0] ?? 0) : source.itemOfRow(row) },
		});
	}
	return items;
}

/** The same people as a CSV file, whose size is not bound by what an execution can hold of items. */
export async function differencesFile(context: OperationContext, compared: Compared): Promise<IBinaryData> {
	const { delivery, segment } = compared;
	const first = delivery.itemIndices[0] ?? 0;
	const names = columnsOf(context, compared);
	const isForSpreadsheet = readFlag(context.functions, 'options.safeForSpreadsheets', first);
	const file = new CsvWriter(['change', 'id', ...names.keys()], isForSpreadsheet);
	const sources = [...names.values()];
	for await (const { change, columns, id } of differences(context, compared, names)) {
		file.write([change, id, ...sources.map((name) => columns[name])]);
	}
	return await file.toBinary(context.functions, `differences-${segment.id}.csv`);
}

function columnsOf({ functions }: OperationContext, { delivery, segment }: Compared): Columns {
	const more = readTexts(functions, 'options.columns', delivery.itemIndices[0] ?? 0);
	return columnsToRead(realTimeMembersSystem.namesPeople(segment), more);
}

async function* differences(
	context: OperationContext,
	{ comparison, roster, segment }: Compared,
	names: Columns,
): AsyncGenerator<Difference> {
	const { entered, left } = comparison;
	const columns = [...names.values()];
	const people = columns.length === 0 ? undefined : new PersonRows(context.client, segment.audience, columns);
	for (let start = 0; start < left.length + entered.length; start += PEOPLE_PER_READ) {
		const end = Math.min(start + PEOPLE_PER_READ, left.length + entered.length);
		const page: Omit<Difference, 'columns' | 'unread'>[] = [];
		for (let n = start; n < end; n += 1) {
			const person = left[n];
			if (person === undefined) page.push({ change: 'entered', id: entered[n - left.length] ?? '' });
			else page.push({ change: 'left', id: roster.idOf(person), row: roster.firstRowOf(person) });
		}
		const ids = page.map(({ id }) => id);
		const rows = (await people?.read(ids)) ?? [];
		for (const [n, difference] of page.entries())
			yield { ...difference, columns: rows[n] ?? {}, unread: people?.unread.get(difference.id) };
	}
	const unread = unreadWords(people?.unread);
	if (unread !== undefined) context.hint(unread, 'warning');
}
