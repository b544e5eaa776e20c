import type { StationCase } from '../case.ts';
import { stationBasic } from './a-security/station-basic.ts';
import { stationCertificate } from './a-security/station-certificate.ts';
import { stationProfile } from './a-security/station-profile.ts';
import { stationTls } from './a-security/station-tls.ts';
import { stationBoot } from './b-provisioning/station-boot.ts';
import { stationNetworkProfile } from './b-provisioning/station-network-profile.ts';
import { stationReset } from './b-provisioning/station-reset.ts';
import { stationVariables } from './b-provisioning/station-variables.ts';
import { stationAuthorize } from './c-authorization/station-authorize.ts';
import { stationCache } from './c-authorization/station-cache.ts';
import { stationMasterPass } from './c-authorization/station-master-pass.ts';
import { stationOffline } from './c-authorization/station-offline.ts';
import { stationTransactionsOffline } from './e-transactions/station-offline.ts';
import { stationRetry } from './e-transactions/station-retry.ts';
import { stationStart } from './e-transactions/station-start.ts';
import { stationStop } from './e-transactions/station-stop.ts';
import { stationRemoteStart } from './f-remote-control/station-remote-start.ts';
import { stationTrigger } from './f-remote-control/station-trigger.ts';
import { stationAvailability } from './g-availability/station-availability.ts';
import { stationMeterValues } from './j-meter-values/station-meter-values.ts';
import { stationRemoteProfile } from './k-smart-charging/station-remote-profile.ts';
import { stationFirmware } from './l-firmware/station-firmware.ts';
import { stationCertificates } from './m-certificates/station-certificates.ts';
import { stationRootSuccession } from './m-certificates/station-root-succession.ts';
import { stationCustomerInformation } from './n-diagnostics/station-customer-information.ts';
import { stationLogs } from './n-diagnostics/station-logs.ts';
import { stationDataTransfer } from './p-data-transfer/station-data-transfer.ts';

/** The official cases for a station, by block. */
export const STATION_CASES: readonly StationCase[] = [
  ...stationBasic,
  ...stationTls,
  ...stationCertificate,
  ...stationProfile,
  ...stationBoot,
  ...stationVariables,
  ...stationReset,
  ...stationNetworkProfile,
  ...stationAuthorize,
  ...stationCache,
  ...stationMasterPass,
  ...stationOffline,
  ...stationStart,
  ...stationStop,
  ...stationTransactionsOffline,
  ...stationRetry,
  ...stationRemoteStart,
  ...stationTrigger,
  ...stationAvailability,
  ...stationMeterValues,
  ...stationRemoteProfile,
  ...stationFirmware,
  ...stationCertificates,
  ...stationRootSuccession,
  ...stationLogs,
  ...stationCustomerInformation,
  ...stationDataTransfer,
];
