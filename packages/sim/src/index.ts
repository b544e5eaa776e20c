export { type DriverOptions, drivers } from './drivers.ts';
export { CARD, Duet, type DuetOptions } from './duet.ts';
