import type { Handlers } from '../handler.ts';
import { securityEventNotification } from './a-security/security-event-notification.ts';
import { signCertificate } from './a-security/sign-certificate.ts';
import { bootNotification } from './b-provisioning/boot-notification.ts';
import { notifyReport } from './b-provisioning/notify-report.ts';
import { authorize } from './c-authorization/authorize.ts';
import { transactionEvent } from './e-transactions/transaction-event.ts';
import { heartbeat } from './g-availability/heartbeat.ts';
import { statusNotification } from './g-availability/status-notification.ts';
import { meterValues } from './j-meter-values/meter-values.ts';
import { firmwareStatusNotification } from './l-firmware/firmware-status-notification.ts';
import { logStatusNotification } from './n-diagnostics/log-status-notification.ts';
import { notifyCustomerInformation } from './n-diagnostics/notify-customer-information.ts';
import { notifyEvent } from './n-diagnostics/notify-event.ts';
import { dataTransfer } from './p-data-transfer/data-transfer.ts';

/** Which message is answered where. What is not here is answered NotSupported. */
export const handlers: Handlers = {
  Authorize: authorize,
  BootNotification: bootNotification,
  DataTransfer: dataTransfer,
  FirmwareStatusNotification: firmwareStatusNotification,
  Heartbeat: heartbeat,
  LogStatusNotification: logStatusNotification,
  MeterValues: meterValues,
  NotifyCustomerInformation: notifyCustomerInformation,
  NotifyEvent: notifyEvent,
  NotifyReport: notifyReport,
  SecurityEventNotification: securityEventNotification,
  SignCertificate: signCertificate,
  StatusNotification: statusNotification,
  TransactionEvent: transactionEvent,
};
