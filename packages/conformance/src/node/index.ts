export { busbarCsmsDriver } from '../drivers/busbar-csms.ts';
export type { Driver } from '../drivers/driver.ts';
export { httpDriver } from '../drivers/http.ts';
export { manualDriver } from '../drivers/manual.ts';
export { type CheckOptions, check, type Reached, type Screen } from './check-command.ts';
export { featuresFrom, profilesFrom, UsageError } from './check-options.ts';
