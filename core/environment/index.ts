/** What an environment has and allows, for the nodes, the operation Check and the probe. */

export { isTestEnvironment, readIdentity, type Caller, type Identity, type Organization } from './about';
export type { ActionFacts, ActionValue, KnownActions } from './actions';
export type { KeyFacts, StatusOption, TableTraits } from './columns';
export { Environment } from './environment';
export { known, notKnown, valueOr, type Fact } from './fact';
export { FEATURES, type Feature } from './featureList';
export { inWords } from './featureRights';
export { readFeatures, type FeatureFinding, type FeatureState } from './features';
export { readEnvironment, shortHost, type EnvironmentReport } from './report';
export { DEPTH_WORDS, type Depth, type Right, type Rights } from './rights';
