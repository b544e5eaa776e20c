import type { CsmsCase } from '../case.ts';
import { csmsBasic } from './a-security/csms-basic.ts';
import { csmsCertificate } from './a-security/csms-certificate.ts';
import { csmsProfile } from './a-security/csms-profile.ts';
import { csmsTls } from './a-security/csms-tls.ts';
import { csmsBoot } from './b-provisioning/csms-boot.ts';
import { csmsNetworkProfile } from './b-provisioning/csms-network-profile.ts';
import { csmsReset } from './b-provisioning/csms-reset.ts';
import { csmsVariables } from './b-provisioning/csms-variables.ts';
import { csmsAuthorize } from './c-authorization/csms-authorize.ts';
import { csmsStart } from './e-transactions/csms-start.ts';
import { csmsStatus } from './e-transactions/csms-status.ts';
import { csmsStop } from './e-transactions/csms-stop.ts';
import { csmsRemoteStart } from './f-remote-control/csms-remote-start.ts';
import { csmsTrigger } from './f-remote-control/csms-trigger.ts';
import { csmsAvailability } from './g-availability/csms-availability.ts';
import { csmsMeterValues } from './j-meter-values/csms-meter-values.ts';
import { csmsFirmware } from './l-firmware/csms-firmware.ts';
import { csmsCertificates } from './m-certificates/csms-certificates.ts';
import { csmsCustomerInformation } from './n-diagnostics/csms-customer-information.ts';
import { csmsLogs } from './n-diagnostics/csms-logs.ts';
import { csmsDataTransfer } from './p-data-transfer/csms-data-transfer.ts';

/** The official cases for a CSMS, by block. */
export const CSMS_CASES: readonly CsmsCase[] = [
  ...csmsBasic,
  ...csmsTls,
  ...csmsCertificate,
  ...csmsProfile,
  ...csmsBoot,
  ...csmsVariables,
  ...csmsReset,
  ...csmsNetworkProfile,
  ...csmsAuthorize,
  ...csmsStart,
  ...csmsStop,
  ...csmsStatus,
  ...csmsRemoteStart,
  ...csmsTrigger,
  ...csmsAvailability,
  ...csmsMeterValues,
  ...csmsFirmware,
  ...csmsCertificates,
  ...csmsLogs,
  ...csmsCustomerInformation,
  ...csmsDataTransfer,
];
