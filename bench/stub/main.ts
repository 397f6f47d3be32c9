/** The stub as a process of its own: tells its parent where it listens, and ends with it. */

import { startStub } from './service';

void startStub().then(({ app, url }) => {
	process.send?.(url);
	process.on('disconnect', () => void app.close());
});
