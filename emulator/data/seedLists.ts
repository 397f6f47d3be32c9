/** What seeded people are made of. */

import { standardIds } from './standardIds';

export const firstNames = [
	'Anna',
	'Brian',
	'Chloë',
	'Dmitri',
	'Élodie',
	'Farid',
	'Grace',
	'Håkon',
	'Inês',
	'Jürgen',
	'Kateřina',
	'Liam',
	'María',
	'Ngọc',
	'Oisín',
	'Priya',
	'Quentin',
	'Renée',
	'Søren',
	'Tomás',
	'Ulla',
	'王芳',
	'Wanda',
	'Zoë',
] as const;
export const lastNames = [
	"O'Brien",
	'Smith',
	'Müller',
	"D'Angelo",
	'Smith & Sons',
	'García',
	'Nguyễn',
	'Jensen',
	'Kim <VIP>',
	'Łukasz',
	'Robert "Bob" Ray',
	'Okafor',
	'Ivanov',
	'Dubois',
	'Rossi',
	"N'Diaye",
	'Tanaka',
	'Silva',
	'Åberg',
	'Novák',
	'van der Berg',
	'100% Real',
	'Under_score',
	'[Bracket]',
	'Yılmaz',
	'Zhang',
	'Weber',
] as const;
export const places = [
	['London', 'Greater London', 'United Kingdom'],
	['Seattle', 'King', 'United States'],
	['Köln', 'Nordrhein-Westfalen', 'Germany'],
	['São Paulo', 'São Paulo', 'Brazil'],
	["L'Aquila", 'Abruzzo', 'Italy'],
	['Copenhagen', 'Hovedstaden', 'Denmark'],
	['Dublin', 'Leinster', 'Ireland'],
] as const;
export const jobTitles = ['Owner', 'Buyer', 'Head of R&D', 'Engineer', 'Nurse', null] as const;
export const industryCodes = [1, 7, 12, 33] as const;
export const businessUnits = [
	standardIds.rootBusinessUnit,
	standardIds.northBusinessUnit,
	standardIds.southBusinessUnit,
] as const;

/** Day 0 of the seed; people arrive one a minute from here on, and 1440 make a day. */
const firstDay = Date.UTC(2020, 0, 1);
export const days = Array.from({ length: 2000 }, (_, day) =>
	new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10),
);

export function pick<T>(list: readonly T[], position: number): T {
	return list[position % list.length] as T;
}
