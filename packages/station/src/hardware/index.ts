export { defaultVehicle } from './battery.ts';
export type * from './hardware.ts';
export { simulatedHardware } from './simulated-hardware.ts';
export { demoTopologies, parseTopology, type Topology } from './topology.ts';
export { worldMWh } from './world.ts';
