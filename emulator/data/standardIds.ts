/** Ids of the rows that every environment has. */
export const standardIds = {
	organization: '0a000000-0000-4000-8000-000000000001',
	rootBusinessUnit: '0b000000-0000-4000-8000-000000000001',
	northBusinessUnit: '0b000000-0000-4000-8000-000000000002',
	southBusinessUnit: '0b000000-0000-4000-8000-000000000003',
	administrator: '0d000000-0000-4000-8000-000000000001',
	rootTeam: '0e000000-0000-4000-8000-000000000001',
	currency: '0f000000-0000-4000-8000-000000000001',
} as const;
