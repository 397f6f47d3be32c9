/** Says at the end how many cells and schedules ran and held, and the seed that brings the schedules back. */
module.exports = class FaultsReporter {
	constructor({ seed }) {
		this.seed = seed;
	}

	onRunComplete(_contexts, { testResults, numRuntimeErrorTestSuites }) {
		const ofFaults = testResults.filter(({ testFilePath }) => /[\\/]test[\\/]faults[\\/]/.test(testFilePath));
		if (ofFaults.length === 0) return;
		const tests = ofFaults.flatMap(({ testFilePath, testResults: results }) =>
			results.map(({ status }) => ({
				kind: kindOf(testFilePath),
				held: status === 'passed',
				ran: status !== 'pending',
			})),
		);
		const count = (kind) => {
			const ran = tests.filter((test) => test.kind === kind && test.ran);
			return `${ran.length} ran, ${ran.filter(({ held }) => held).length} held`;
		};
		const broken =
			numRuntimeErrorTestSuites > 0 ? `; ${numRuntimeErrorTestSuites} files did not even start` : '';
		console.log(
			`faults: cells: ${count('cell')}; through the engine: ${count('engine')}; ` +
				`random schedules of seed ${this.seed}: ${count('schedule')}${broken}`,
		);
	}
};

function kindOf(file) {
	if (/engine\w*\.test\.ts$/.test(file)) return 'engine';
	return /schedules\w*\.test\.ts$/.test(file) ? 'schedule' : 'cell';
}
