/** What an environment has and allows, for the nodes, the operation Check and the probe. */

export { isTestEnvironment, readIdentity } from './about';
export type { ActionFacts } from './actions';
export { Environment } from './environment';
export { known, valueOr, type Fact } from './fact';
export { FEATURES } from './featureList';
export { privilegeInWords } from './privilegeNames';
export { readFeatures, type FeatureFinding, type FeatureState } from './features';
export { readEnvironment, type EnvironmentReport } from './environmentReport';
export { DEPTH_WORDS } from './rights';
