/**
 * Stands for libraries that n8n-core loads and no test needs, a sixth of its loading time in every file: those of AI agents
 * and of SSH connections.
 */
class NotNeeded {
	constructor() {
		throw new Error('This library is not loaded in the tests; see jest.config.cjs.');
	}
}

module.exports = {
	BaseToolkit: NotNeeded,
	Client: NotNeeded,
	DynamicStructuredTool: NotNeeded,
	StructuredTool: NotNeeded,
	Tool: NotNeeded,
};
