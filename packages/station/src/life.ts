import type { Registration } from './blocks/b-provisioning/registration.ts';
import type { Reports } from './blocks/b-provisioning/reports.ts';
import type { Resets } from './blocks/b-provisioning/resets.ts';
import type { AuthorizationCache } from './blocks/c-authorization/authorization-cache.ts';
import type { Authorizer } from './blocks/c-authorization/authorize.ts';
import type { TokenPresented } from './blocks/c-authorization/token-presented.ts';
import type { TransactionEventQueue } from './blocks/e-transactions/event-queue.ts';
import type { Sessions } from './blocks/e-transactions/sessions.ts';
import type { Availability } from './blocks/g-availability/availability.ts';
import type { Heartbeat } from './blocks/g-availability/heartbeat.ts';
import type { StatusReports } from './blocks/g-availability/status-reports.ts';
import type { ClockAligned } from './blocks/j-meter-values/clock-aligned.ts';
import type { Metering } from './blocks/j-meter-values/metering.ts';
import type { FirmwareUpdates } from './blocks/l-firmware/firmware-updates.ts';
import type { EventLog } from './blocks/n-diagnostics/event-log.ts';
import type { LogUpload } from './blocks/n-diagnostics/log-upload.ts';
import type { Monitors } from './blocks/n-diagnostics/monitors.ts';
import type { Context } from './context.ts';
import type { Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { StatusNotices } from './status-notices.ts';

/** The parts of a station between power-on and power-off; handlers take from it what they need. */
export interface Life {
  readonly context: Context;
  readonly link: Link;
  readonly outbox: Outbox;
  readonly registration: Registration;
  readonly sessions: Sessions;
  readonly queue: TransactionEventQueue;
  readonly metering: Metering;
  readonly cache: AuthorizationCache;
  readonly authorizer: Authorizer;
  readonly presented: TokenPresented;
  readonly availability: Availability;
  readonly status: StatusReports;
  readonly heartbeat: Heartbeat;
  readonly reports: Reports;
  readonly resets: Resets;
  readonly events: EventLog;
  readonly monitors: Monitors;
  readonly notices: StatusNotices;
  readonly firmware: FirmwareUpdates;
  readonly logUpload: LogUpload;
  readonly aligned: ClockAligned;
  readonly mayStart: (evseId: number) => boolean;
}
