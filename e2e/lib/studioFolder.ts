/** Imported first by the studio: what it starts and logs is kept apart from what the tests start and log. */

process.env.E2E_RESULTS = 'studio';
