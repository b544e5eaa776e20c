export { busbarCsmsDriver } from '../drivers/busbar-csms.ts';
export { busbarStationDriver } from '../drivers/busbar-station.ts';
export { QUICK } from '../settings.ts';
export type { Reached } from './check-command.ts';
export { UsageError } from './check-options.ts';
export { addCheck } from './cli.ts';
export { ownServers } from './own-servers.ts';
