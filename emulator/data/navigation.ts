/** `set(key)/<navigation property>` and what comes behind it: rows, their number, their addresses, further steps. */

import type { Row } from '../contracts';
import { type Collection, collectionOf } from './collections';
import { rowNotFound, unknownResource, verbNotAllowed } from './faults';
import { type Related, answerCount, answerList } from './list';
import type { PathSegment } from './path';
import { lookupTarget } from './properties';
import { answerCollectionReferences, answerReference, removeFromCollection } from './references';
import { type DataResponse, noContent } from './responses';
import type { RowCall } from './rowCall';
import { type Navigation, schemaOf } from './schema';
import { findTable } from './store';
import { answerStoredView } from './storedViews';
import { type Addressed, existing, requirePrivilege } from './target';
import { isEmpty } from './values';

/** Answers about single rows, which know this file. */
export interface RowAnswers {
	readRow(target: Addressed, call: RowCall): DataResponse;
	answerProperty(target: Addressed, rest: readonly PathSegment[], call: RowCall): DataResponse;
}

/** @param rest the navigation property first */
export function answerNavigation(
	target: Addressed,
	rest: readonly PathSegment[],
	call: RowCall,
	answers: RowAnswers,
): DataResponse {
	const [first, ...more] = rest;
	const { logicalName } = target.table.definition;
	if (first === undefined) throw unknownResource(logicalName);
	const collection = collectionOf(first.name, logicalName, call.context);
	if (collection !== undefined) return answerCollection(target, first, more, collection, call);
	const navigations = schemaOf(target.table.definition).navigations.get(first.name);
	if (navigations === undefined || first.inside !== undefined) throw unknownResource(first.name);
	const row = existing(target);
	if (more[0]?.name === '$ref' && more.length === 1) {
		return answerReference(target, first.name, relatedRow(row, navigations, call), call);
	}
	const related = relatedRow(row, navigations, call);
	if (related === undefined) return noContent();
	if (more.length > 0) return answers.answerProperty(related, more, call);
	if (call.request.method !== 'GET') throw verbNotAllowed(call.request.method);
	return answers.readRow(related, call);
}

/** The row that the lookup points at; undefined when it is empty. */
function relatedRow(
	row: Readonly<Row>,
	navigations: readonly Navigation[],
	{ context }: RowCall,
): Addressed | undefined {
	const navigation = navigations.find(({ column, target }) => lookupTarget(row, column) === target);
	const id = navigation && row[navigation.column.name];
	if (navigation === undefined || isEmpty(id)) return undefined;
	const table = findTable(context.store, navigation.target);
	if (table === undefined) throw rowNotFound(navigation.target, String(id));
	return { table, id: String(id), row: table.get(String(id)) };
}

function answerCollection(
	target: Addressed,
	{ name, inside }: PathSegment,
	[suffix, ...more]: readonly PathSegment[],
	collection: Collection,
	call: RowCall,
): DataResponse {
	const { context, request } = call;
	existing(target);
	if (more.length > 0) throw unknownResource(suffix?.name ?? name);
	if (inside !== undefined) {
		if (suffix?.name !== '$ref') throw unknownResource(name);
		return removeFromCollection(target, inside, collection, call);
	}
	if (suffix?.name === '$ref' && request.method !== 'GET') {
		return answerCollectionReferences(target, name, collection, call);
	}
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	requirePrivilege('Read', collection.table, context);
	const related: Related = {
		candidates: collection.candidates(target.id),
		belongs: (candidate) => collection.belongs(candidate, target.id),
		path: `${target.table.definition.entitySetName}(${target.id})/${name}`,
	};
	if (suffix?.name === '$count') return answerCount(collection.table, call.options, context, related);
	if (suffix?.name === '$ref') return answerCollectionReferences(target, name, collection, call);
	if (suffix !== undefined) throw unknownResource(suffix.name);
	const { options, preferences } = call;
	return (
		answerStoredView(collection.table, options, preferences, context, {}, related) ??
		answerList(collection.table, options, preferences, context, related)
	);
}
