export type { OwnCertificate } from './blocks/a-security/own-certificates.ts';
export type { Provisioning } from './blocks/a-security/provisioning.ts';
export { ROOT_KINDS, type RootKind } from './blocks/m-certificates/trust-store.ts';
export type { DataTransferVendor, HardWiredMonitor, StationConfig } from './config.ts';
export { createStation, type Station, type StationFacts, type StationJournal, type StationOptions } from './station.ts';
export { VariableTables } from './station-kind.ts';
export type { RegistrationState, TraceEvent } from './trace.ts';
