import { type InboundCall, type Peer, RpcError } from '@busbar/protocol';
import { SecurityCtrlr, TxCtrlr } from '@busbar/protocol/device-model';
import { assert, type DialError, type Network } from '@busbar/runtime';
import { CertificateSigning } from './blocks/a-security/certificate-signing.ts';
import { OwnCertificates } from './blocks/a-security/own-certificates.ts';
import { seedCertificates } from './blocks/a-security/provisioning.ts';
import { SecurityEvents } from './blocks/a-security/security-events.ts';
import { type Attempt, ConnectionPlan } from './blocks/b-provisioning/connection-plan.ts';
import { NetworkProfiles } from './blocks/b-provisioning/network-profiles.ts';
import { Registration } from './blocks/b-provisioning/registration.ts';
import { Reports } from './blocks/b-provisioning/reports.ts';
import { Resets } from './blocks/b-provisioning/resets.ts';
import { AuthorizationCache } from './blocks/c-authorization/authorization-cache.ts';
import { Authorizer } from './blocks/c-authorization/authorize.ts';
import { TokenPresented } from './blocks/c-authorization/token-presented.ts';
import { LocalList } from './blocks/d-local-list/local-list.ts';
import { TransactionEventQueue } from './blocks/e-transactions/event-queue.ts';
import type { Session } from './blocks/e-transactions/session.ts';
import { Sessions } from './blocks/e-transactions/sessions.ts';
import { transactionEventAnswer } from './blocks/e-transactions/transaction-event-answer.ts';
import { Availability } from './blocks/g-availability/availability.ts';
import { connectorStatus } from './blocks/g-availability/connector-status.ts';
import { Heartbeat } from './blocks/g-availability/heartbeat.ts';
import { type ConnectorState, StatusReports } from './blocks/g-availability/status-reports.ts';
import { CostDisplay } from './blocks/i-tariff-cost/cost-display.ts';
import { ClockAligned } from './blocks/j-meter-values/clock-aligned.ts';
import { Metering } from './blocks/j-meter-values/metering.ts';
import { FirmwareUpdates } from './blocks/l-firmware/firmware-updates.ts';
import { RootSuccession } from './blocks/m-certificates/root-succession.ts';
import { TrustStore } from './blocks/m-certificates/trust-store.ts';
import { CustomerReports } from './blocks/n-diagnostics/customer-information.ts';
import { CustomerRecords } from './blocks/n-diagnostics/customer-records.ts';
import { EventLog } from './blocks/n-diagnostics/event-log.ts';
import { LogUpload } from './blocks/n-diagnostics/log-upload.ts';
import { Monitors } from './blocks/n-diagnostics/monitors.ts';
import type { Context } from './context.ts';
import { SERVES } from './handlers.ts';
import type { Sockets } from './hardware-events.ts';
import type { Life } from './life.ts';
import { Link } from './link.ts';
import { Outbox } from './outbox.ts';
import { StatusNotices } from './status-notices.ts';

/** What happens to a life from outside its parts; the parts only know that it happens. */
export interface LifeHooks {
  readonly stepped: (life: Life, evseId: number, before: Session, after: Session) => void;
  readonly accepted: (life: Life) => void;
  readonly opened: (life: Life, peer: Peer, attempt: Attempt) => void;
  readonly failed: (life: Life, error: DialError) => void;
  readonly lost: (life: Life) => void;
  readonly inbound: (call: InboundCall, life: Life) => void;
  readonly reboot: () => void;
}

type Now = () => Life;

/** Makes the parts of a life. They know each other through closures over the whole; nothing runs before everything is there. */
export function buildLife(context: Context, network: Network, sockets: Sockets, hooks: LifeHooks): Life {
  let life: Life | undefined;
  const now: Now = () => {
    assert(life !== undefined, 'no part of a life runs before it is put together');
    return life;
  };
  const outbox = new Outbox(context);
  const cache = new AuthorizationCache(context);
  const list = new LocalList(context);
  const metering = new Metering(context);
  const availability = new Availability(context);
  const secured = securityParts(context, outbox);
  const running = (): Sessions => now().sessions;
  const costs = new CostDisplay(context, running);
  const queue = new TransactionEventQueue(context, outbox, transactionEventAnswer(context, cache, metering, costs, running));
  outbox.events = queue;
  queue.settled = () => now().resets.check();
  const sessions = new Sessions({
    context,
    outbox,
    queue,
    metering,
    operative: (evseId) => availability.operative(evseId),
    stepped: (evseId, before, after) => hooks.stepped(now(), evseId, before, after),
  });
  availability.busy = (evseId) => sessions.ongoing.some((session) => session.evseId === evseId);
  const events = new EventLog(context, outbox);
  const statusOf: Life['connectorStatus'] = (evseId, connectorId) => statusOfConnector(now(), sockets, evseId, connectorId);
  const status = new StatusReports(context, outbox, events, statusOf);
  const heartbeat = new Heartbeat(context, outbox);
  outbox.sent = () => heartbeat.heard();
  alarms(secured.security, heartbeat, queue);
  const registration = new Registration({
    context,
    outbox,
    synchronize: (currentTime) => heartbeat.synchronize(currentTime),
    accepted: () => hooks.accepted(now()),
  });
  const authorizer = new Authorizer(context, outbox, cache, list);
  const moving = fileParts(context, outbox, now);
  const mayStart = (evseId: number): boolean => mayBegin(now(), evseId);
  life = {
    context,
    link: makeLink({ context, network, registration, now, hooks, ...secured }),
    outbox,
    ...secured,
    registration,
    sessions,
    costs,
    queue,
    metering,
    cache,
    authorizer,
    presented: new TokenPresented({ context, sessions, authorizer, mayStart }),
    availability,
    connectorStatus: statusOf,
    status,
    heartbeat,
    reports: new Reports(context, outbox),
    resets: new Resets({
      context,
      sessions,
      queue,
      availability,
      online: () => outbox.accepted,
      occupied: () => moving.logUpload.ongoing || moving.firmware.working,
      uninterruptible: () => moving.firmware.uninterruptible,
      statusChanged: () => status.refresh(),
      reboot: hooks.reboot,
    }),
    events,
    monitors: new Monitors(context, events),
    ...moving,
    customers: new CustomerRecords(context, { cache, list, sessions }),
    customerReports: new CustomerReports(context, outbox),
    aligned: new ClockAligned(context, outbox, sessions, metering),
    mayStart,
  };
  return life;
}

/** What other parts notice and security wants to know. */
function alarms(security: SecurityEvents, heartbeat: Heartbeat, queue: TransactionEventQueue): void {
  heartbeat.jumped = (how) => security.report('SettingSystemTime', how);
  queue.full = () => security.reportOnce('MemoryExhaustion', 'the queue of transaction events is full');
}

/** What the station trusts, what it shows, where and how it connects, and what it tells of all that. */
function securityParts(
  context: Context,
  outbox: Outbox,
): Pick<Life, 'trust' | 'succession' | 'own' | 'profiles' | 'plan' | 'security' | 'signing'> {
  const trust = new TrustStore(context);
  const own = new OwnCertificates(context);
  const security = new SecurityEvents(context, outbox);
  const profiles = new NetworkProfiles(context, trust, own);
  return {
    trust,
    succession: new RootSuccession(context, trust),
    own,
    profiles,
    plan: new ConnectionPlan(context, profiles, own),
    security,
    signing: new CertificateSigning({ context, outbox, trust, own, security }),
  };
}

/** What moves files: logs out, firmware in. */
function fileParts(context: Context, outbox: Outbox, now: Now): Pick<Life, 'notices' | 'logUpload' | 'firmware'> {
  const notices = new StatusNotices(context, outbox);
  const roots = (): readonly string[] => now().trust.pems('CSMSRoot');
  const ended = (): void => now().resets.check();
  return {
    notices,
    logUpload: new LogUpload({ context, outbox, notices, securityLog: () => now().security.log, roots, ended }),
    firmware: new FirmwareUpdates({
      context,
      outbox,
      notices,
      roots,
      manufacturerRoots: () => now().trust.pems('ManufacturerRoot'),
      report: (event, techInfo) => now().security.report(event, techInfo),
      availability: () => now().availability,
      sessions: () => now().sessions.all,
      inUse: (session) => now().resets.inUse(session),
      statusChanged: () => now().status.refresh(),
      reboot: () => now().resets.now(undefined),
      ended,
    }),
  };
}

/** A driver may begin here: operative, whole, not about to restart, and accepted or free to work before that (B02.FR.03, B03.FR.01). */
function mayBegin({ availability, resets, sessions, registration, context }: Life, evseId: number): boolean {
  if (!availability.operative(evseId) || availability.closed(evseId) || resets.rebooting) return false;
  if (sessions.get(evseId).faults.length > 0) return false;
  return registration.state === 'accepted' || context.dm.bool(TxCtrlr.TxBeforeAcceptedEnabled);
}

interface LinkDeps extends Pick<Life, 'context' | 'registration' | 'plan' | 'trust' | 'own'> {
  readonly network: Network;
  readonly now: Now;
  readonly hooks: LifeHooks;
}

function makeLink({ context, network, registration, now, hooks, plan, trust, own }: LinkDeps): Link {
  const seeded = seedCertificates(context, trust, own);
  const link = new Link(context, network, {
    serves: SERVES,
    gate: () => gate(registration),
    call: (call) => hooks.inbound(call, now()),
    opened: (peer, attempt) => hooks.opened(now(), peer, attempt),
    lost: () => hooks.lost(now()),
    failed: (error) => hooks.failed(now(), error),
    invalid: (what) => now().security.report('InvalidMessages', what),
    plan,
    judge: (slot, fault) => now().succession.judge(slot, fault),
    roots: async () => {
      await seeded;
      return trust.pems('CSMSRoot');
    },
  });
  context.dm.onChange(SecurityCtrlr.BasicAuthPassword, () => {
    now().security.report('ReconfigurationOfSecurityParameters', 'BasicAuthPassword'); // A01.FR.11, A01.FR.12
    if (now().profiles.securityProfile < 3) link.reconnect();
  });
  return link;
}

/** B03.FR.08: while Rejected the CSMS may ask nothing. */
const gate = (registration: Registration): RpcError | undefined =>
  registration.state === 'rejected' ? new RpcError('SecurityError', 'the station was rejected') : undefined;

function statusOfConnector(
  { sessions, availability }: Life,
  sockets: Sockets,
  evseId: number,
  connectorId: number,
): ConnectorState['status'] {
  const session = sessions.get(evseId);
  const here = session.connectorId === connectorId || session.lockedConnector === connectorId;
  const facts = {
    evseId,
    connectorId,
    faulted: session.faults.length > 0,
    occupied: here || sockets.has(evseId, connectorId), // G01.FR.08: only this connector, not its siblings
    reserved: false,
  };
  return connectorStatus(facts, availability, session.transaction !== undefined && here);
}
