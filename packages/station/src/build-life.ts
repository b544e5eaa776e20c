import { type InboundCall, type Peer, RpcError } from '@busbar/protocol';
import { SecurityCtrlr, TxCtrlr } from '@busbar/protocol/device-model';
import { assert, type Network, Secret } from '@busbar/runtime';
import { Registration } from './blocks/b-provisioning/registration.ts';
import { Reports } from './blocks/b-provisioning/reports.ts';
import { Resets } from './blocks/b-provisioning/resets.ts';
import { AuthorizationCache } from './blocks/c-authorization/authorization-cache.ts';
import { Authorizer } from './blocks/c-authorization/authorize.ts';
import { TokenPresented } from './blocks/c-authorization/token-presented.ts';
import { TransactionEventQueue } from './blocks/e-transactions/event-queue.ts';
import type { Session } from './blocks/e-transactions/session.ts';
import { Sessions } from './blocks/e-transactions/sessions.ts';
import { transactionEventAnswer } from './blocks/e-transactions/transaction-event-answer.ts';
import { Availability } from './blocks/g-availability/availability.ts';
import { connectorStatus } from './blocks/g-availability/connector-status.ts';
import { Heartbeat } from './blocks/g-availability/heartbeat.ts';
import { type ConnectorState, StatusReports } from './blocks/g-availability/status-reports.ts';
import { ClockAligned } from './blocks/j-meter-values/clock-aligned.ts';
import { Metering } from './blocks/j-meter-values/metering.ts';
import { FirmwareUpdates } from './blocks/l-firmware/firmware-updates.ts';
import { EventLog } from './blocks/n-diagnostics/event-log.ts';
import { LogUpload } from './blocks/n-diagnostics/log-upload.ts';
import { Monitors } from './blocks/n-diagnostics/monitors.ts';
import type { Context } from './context.ts';
import { SERVES } from './handlers.ts';
import type { Sockets } from './hardware-events.ts';
import { addInfrastructure } from './infrastructure.ts';
import type { Life } from './life.ts';
import { Link } from './link.ts';
import { Outbox } from './outbox.ts';
import { StatusNotices } from './status-notices.ts';
import { addVariables } from './variables.ts';

/** What happens to a life from outside its parts; the parts only know that it happens. */
export interface LifeHooks {
  readonly stepped: (life: Life, evseId: number, before: Session, after: Session) => void;
  readonly accepted: (life: Life) => void;
  readonly opened: (life: Life, peer: Peer) => void;
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
  const metering = new Metering(context);
  const availability = new Availability(context);
  addVariables({
    dm: context.dm,
    layout: context.layout,
    config: context.config,
    movesFiles: context.files !== undefined,
    takesFirmware: context.files !== undefined && context.hardware.firmware !== undefined,
    now: () => context.clock.now(),
    cacheBytes: () => cache.bytes,
  });
  const queue = new TransactionEventQueue(
    context,
    outbox,
    transactionEventAnswer(context, cache, metering, () => now().sessions),
  );
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
  const events = new EventLog(context, outbox);
  const status = new StatusReports(context, outbox, events, connectorStates(context, sockets, now));
  const heartbeat = new Heartbeat(context, outbox);
  outbox.sent = () => heartbeat.heard();
  const registration = new Registration({
    context,
    outbox,
    synchronize: (currentTime) => heartbeat.synchronize(currentTime),
    accepted: () => hooks.accepted(now()),
  });
  const authorizer = new Authorizer(context, outbox, cache);
  const notices = new StatusNotices(context, outbox);
  const logUpload = new LogUpload({
    context,
    outbox,
    notices,
    securityLog: () => [],
    roots: () => [],
    ended: () => now().resets.check(),
  });
  const firmware = new FirmwareUpdates({
    context,
    outbox,
    notices,
    availability,
    crypto: context.crypto,
    manufacturerRoots: () => [],
    roots: () => [],
    report: () => undefined,
    sessions: () => sessions.all,
    inUse: (session) => now().resets.inUse(session),
    statusChanged: () => status.refresh(),
    reboot: () => now().resets.now(undefined),
    ended: () => now().resets.check(),
  });
  const mayStart = (evseId: number): boolean => mayBegin(now(), evseId);
  life = {
    context,
    link: makeLink(context, network, registration, now, hooks),
    outbox,
    registration,
    sessions,
    queue,
    metering,
    cache,
    authorizer,
    presented: new TokenPresented({ context, sessions, authorizer, mayStart }),
    availability,
    status,
    heartbeat,
    reports: new Reports(context, outbox),
    resets: new Resets({
      context,
      sessions,
      queue,
      availability,
      online: () => outbox.accepted,
      occupied: () => logUpload.ongoing || firmware.working,
      uninterruptible: () => firmware.uninterruptible,
      statusChanged: () => status.refresh(),
      reboot: hooks.reboot,
    }),
    events,
    monitors: new Monitors(context, events),
    notices,
    logUpload,
    firmware,
    aligned: new ClockAligned(context, outbox, sessions, metering),
    mayStart,
  };
  return life;
}

/** A driver may begin here: operative, whole, not about to restart, and accepted or free to work before that (B02.FR.03, B03.FR.01). */
function mayBegin({ availability, resets, sessions, registration, context }: Life, evseId: number): boolean {
  if (!availability.operative(evseId) || availability.closed(evseId) || resets.rebooting) return false;
  if (sessions.get(evseId).faults.length > 0) return false;
  return registration.state === 'accepted' || context.dm.bool(TxCtrlr.TxBeforeAcceptedEnabled);
}

function makeLink(context: Context, network: Network, registration: Registration, now: Now, hooks: LifeHooks): Link {
  const link = new Link(context, network, {
    serves: SERVES,
    gate: () => gate(registration),
    call: (call) => hooks.inbound(call, now()),
    opened: (peer) => hooks.opened(now(), peer),
    lost: () => hooks.lost(now()),
    password: () => {
      const set = context.dm.text(SecurityCtrlr.BasicAuthPassword);
      return set === '' ? context.config.password : new Secret(set);
    },
  });
  context.dm.onChange(SecurityCtrlr.BasicAuthPassword, () => link.reconnect());
  return link;
}

/** B03.FR.08: while Rejected the CSMS may ask nothing. */
const gate = (registration: Registration): RpcError | undefined =>
  registration.state === 'rejected' ? new RpcError('SecurityError', 'the station was rejected') : undefined;

/** The states of all connectors as they are now; the device model reads the same ones. */
function connectorStates(context: Context, sockets: Sockets, now: Now): () => readonly ConnectorState[] {
  const { dm, layout, config, hardware } = context;
  const statusOf = (evseId: number, connectorId: number): ConnectorState['status'] =>
    statusOfConnector(now(), sockets, evseId, connectorId);
  addInfrastructure({
    dm,
    layout,
    evseReset: config.evseReset ?? true,
    session: (evseId) => now().sessions.get(evseId),
    status: statusOf,
    stationFaulted: () => now().sessions.get(0).faults.length > 0,
    powerW: (evseId) => hardware.readMeter(evseId).powerW,
  });
  return () =>
    layout.evses.flatMap((evse) =>
      evse.connectors.map((connector) => ({ evseId: evse.id, connectorId: connector.id, status: statusOf(evse.id, connector.id) })),
    );
}

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
