/** Imported first by the benchmark in the server: what it starts and logs is kept apart from what the tests start. */

process.env.E2E_RESULTS = 'bench';
