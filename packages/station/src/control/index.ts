export { configWith } from '../blocks/a-security/provisioning.ts';
export { type ControlledStation, type ControlOptions, type StationSet, startControl } from './server.ts';
export { TraceRing } from './trace-ring.ts';
export { type Controlled, provisioningOf, VERBS } from './verbs.ts';
