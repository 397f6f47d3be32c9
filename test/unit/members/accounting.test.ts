import { everyRunIsAccountedFor } from './accounting';

test('every row and every person of a run is accounted for, and running again finishes it', async () => {
	await everyRunIsAccountedFor(500);
});
