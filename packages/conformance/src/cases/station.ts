import type { StationCase } from '../case.ts';
import { stationAuthorize } from './c-authorization/station-authorize.ts';
import { stationCache } from './c-authorization/station-cache.ts';
import { stationMasterPass } from './c-authorization/station-master-pass.ts';
import { stationOffline } from './c-authorization/station-offline.ts';
import { stationTransactionsOffline } from './e-transactions/station-offline.ts';
import { stationRetry } from './e-transactions/station-retry.ts';
import { stationStart } from './e-transactions/station-start.ts';
import { stationStop } from './e-transactions/station-stop.ts';

/** The official cases for a station, by block. */
export const STATION_CASES: readonly StationCase[] = [
  ...stationAuthorize,
  ...stationCache,
  ...stationMasterPass,
  ...stationOffline,
  ...stationStart,
  ...stationStop,
  ...stationTransactionsOffline,
  ...stationRetry,
];
