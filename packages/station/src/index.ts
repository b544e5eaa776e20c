export type { DataTransferVendor, HardWiredMonitor, StationConfig } from './config.ts';
export { createStation, type Station, type StationFacts, type StationJournal, type StationOptions } from './station.ts';
export type { RegistrationState, TraceEvent } from './trace.ts';
