export { type ControlledStation, type ControlOptions, type StationSet, startControl } from './server.ts';
export { TraceRing } from './trace-ring.ts';
export { type Controlled, deliveryOf, VERBS } from './verbs.ts';
