import { type InboundCall, RpcError } from '@busbar/protocol';
import { ChargingStation, ConnectorPlugRetentionLock, EVSE, OCPPCommCtrlr, SecurityCtrlr, TxCtrlr } from '@busbar/protocol/device-model';
import { assert, messageOf, type Network, Secret, s } from '@busbar/runtime';
import { Registration } from './blocks/b-provisioning/registration.ts';
import { Reports } from './blocks/b-provisioning/reports.ts';
import { Resets } from './blocks/b-provisioning/resets.ts';
import { AuthorizationCache } from './blocks/c-authorization/authorization-cache.ts';
import { Authorizer } from './blocks/c-authorization/authorize.ts';
import { TokenPresented } from './blocks/c-authorization/token-presented.ts';
import { factsOf, resumeOrEnd } from './blocks/e-transactions/after-power-on.ts';
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
import { EventLog } from './blocks/n-diagnostics/event-log.ts';
import { Monitors } from './blocks/n-diagnostics/monitors.ts';
import type { Context } from './context.ts';
import { answer, SERVES } from './handlers.ts';
import type { HardwareEvent } from './hardware/hardware.ts';
import { hardwareEvent, Sockets } from './hardware-events.ts';
import { addInfrastructure } from './infrastructure.ts';
import type { Life } from './life.ts';
import { Link } from './link.ts';
import { keys } from './memory.ts';
import { Outbox } from './outbox.ts';
import { addVariables } from './variables.ts';

/** Puts one life of a station together and sets it going: power-on to power-off. `reboot` is called when it wants to begin anew. */
export function startLife(context: Context, network: Network, reboot: () => void): Life {
  const sockets = new Sockets();
  const life = build(context, network, reboot, sockets);
  const early: HardwareEvent[] = [];
  let listening = false;
  context.hardware.listen((event) => {
    if (context.scope.closed) return;
    if (listening) hardwareEvent(event, life, sockets);
    else early.push(event);
  });
  listening = true;
  powerOn(life, early, sockets);
  life.monitors.start();
  life.aligned.start();
  keepAliveRecord(life);
  life.link.start();
  return life;
}

/** Sessions that were open go on or end; for all others the present facts are news like any. */
function powerOn(life: Life, early: readonly HardwareEvent[], sockets: Sockets): void {
  const { context, sessions, registration } = life;
  const byReset = registration.reason === 'RemoteReset' || registration.reason === 'ScheduledReset';
  const stored = context.memory.list<Session>(keys.sessions).map(({ value }) => value);
  const open = stored.filter((session) => session.transaction || session.authorization || session.keepLockedFor);
  const openIds = new Set(open.map((session) => session.evseId));
  for (const event of early) if (event.kind === 'cable') sockets.set(event.evse, event.connector, event.inserted);
  for (const session of open) resumeOrEnd(context, sessions, session, factsOf(session.evseId, early), byReset);
  for (const event of early) {
    const evse = 'evse' in event ? event.evse : undefined;
    if (event.kind === 'cable' || (evse !== undefined && openIds.has(evse))) continue;
    hardwareEvent(event, life, sockets);
  }
  life.status.refresh();
}

/** While a transaction runs, the journal knows within a minute when the process died (ResumptionTimeout). */
function keepAliveRecord({ context, sessions }: Life): void {
  context.scope.every(s(60), 'alive record', () => {
    if (sessions.ongoing.length === 0) return;
    context.scope.run('alive record', () => context.memory.commit([{ put: keys.alive, value: JSON.stringify(context.clock.now()) }]));
  });
}

function build(context: Context, network: Network, reboot: () => void, sockets: Sockets): Life {
  const { dm, layout, config, hardware } = context;
  // The parts know each other through closures over what is built below; nothing runs before everything is there.
  let life: Life | undefined;
  const now = (): Life => {
    assert(life !== undefined, 'no part of a life runs before it is put together');
    return life;
  };
  const outbox = new Outbox(context);
  const cache = new AuthorizationCache(context);
  const metering = new Metering(context);
  const queue = new TransactionEventQueue(
    context,
    outbox,
    transactionEventAnswer(context, cache, metering, () => now().sessions),
  );
  outbox.events = queue;
  const availability = new Availability(context);
  addVariables({ dm, layout, config, now: () => context.clock.now(), cacheBytes: () => cache.size * 200 });
  const sessions = new Sessions({
    context,
    outbox,
    queue,
    metering,
    operative: (evseId) => availability.operative(evseId),
    stepped: (evseId, before, after) => stepped(now(), evseId, before, after),
  });
  const statusOf = (evseId: number, connectorId: number): ConnectorState['status'] => status(now(), sockets, evseId, connectorId);
  addInfrastructure({
    dm,
    layout,
    evseReset: config.evseReset ?? true,
    session: (evseId) => sessions.get(evseId),
    status: statusOf,
    stationFaulted: () => sessions.get(0).faults.length > 0,
    powerW: (evseId) => hardware.readMeter(evseId).powerW,
  });
  const events = new EventLog(context, outbox);
  const states = (): readonly ConnectorState[] =>
    layout.evses.flatMap((evse) =>
      evse.connectors.map((connector) => ({ evseId: evse.id, connectorId: connector.id, status: statusOf(evse.id, connector.id) })),
    );
  const statusReports = new StatusReports(context, outbox, events, states);
  const heartbeat = new Heartbeat(context, outbox);
  const registration = new Registration({
    context,
    outbox,
    synchronize: (currentTime) => heartbeat.synchronize(currentTime),
    accepted: () => accepted(now()),
  });
  const authorizer = new Authorizer(context, outbox, cache);
  const mayStart = (evseId: number): boolean =>
    availability.operative(evseId) &&
    !availability.blocked.has(evseId) &&
    !now().resets.rebooting &&
    sessions.get(evseId).faults.length === 0 &&
    (registration.state === 'accepted' || dm.bool(TxCtrlr.TxBeforeAcceptedEnabled)); // B02.FR.03, B03.FR.01
  const resets = new Resets({
    context,
    sessions,
    queue,
    availability,
    online: () => outbox.accepted,
    statusChanged: () => statusReports.refresh(),
    reboot,
  });
  outbox.sent = () => heartbeat.heard();
  const link = new Link(context, network, {
    serves: SERVES,
    gate: () => gate(registration),
    call: (call) => inbound(call, now()),
    opened: (peer) => opened(now(), peer),
    lost: () => lost(now()),
    password: () => {
      const set = dm.text(SecurityCtrlr.BasicAuthPassword);
      return set === '' ? config.password : new Secret(set);
    },
  });
  dm.onChange(SecurityCtrlr.BasicAuthPassword, () => link.reconnect());
  life = {
    context,
    link,
    outbox,
    registration,
    sessions,
    queue,
    metering,
    cache,
    authorizer,
    presented: new TokenPresented({ context, sessions, authorizer, mayStart }),
    availability,
    status: statusReports,
    heartbeat,
    reports: new Reports(context, outbox),
    resets,
    events,
    monitors: new Monitors(context, events),
    aligned: new ClockAligned(context, outbox, sessions, metering),
    mayStart,
  };
  return life;
}

function status({ sessions, availability }: Life, sockets: Sockets, evseId: number, connectorId: number): ConnectorState['status'] {
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

/** B03.FR.08: while Rejected the CSMS may ask nothing. */
const gate = (registration: Registration): RpcError | undefined =>
  registration.state === 'rejected' ? new RpcError('SecurityError', 'the station was rejected') : undefined;

function inbound(call: InboundCall, life: Life): void {
  life.context.scope.run(call.action, async () => {
    try {
      const { response, commit, after } = await answer(call, life);
      await life.context.memory.commit(commit ?? []);
      if (!life.context.scope.closed) call.respond(response, after);
    } catch (error) {
      if (life.context.scope.closed) return;
      if (error instanceof RpcError) return call.fail(error);
      life.context.log.error('handler failed', { action: call.action, messageId: call.id, error: messageOf(error) });
      call.fail(new RpcError('InternalError', 'the request could not be handled'));
    }
  });
}

function opened(
  { link, outbox, registration, status: statusReports, events, heartbeat, context }: Life,
  peer: Parameters<Outbox['opened']>[0],
): void {
  const { offlineMs } = link;
  outbox.opened(peer);
  registration.opened();
  if (registration.state !== 'accepted') return;
  heartbeat.start();
  // B04.FR.01, B04.FR.02
  if (offlineMs > s(context.dm.number(OCPPCommCtrlr.OfflineThreshold))) statusReports.tellAll();
  else statusReports.tellChanged();
  events.flush();
}

function lost({ outbox, queue, heartbeat }: Life): void {
  outbox.lost();
  queue.lost();
  heartbeat.stop();
}

function accepted({ status: statusReports, heartbeat, events }: Life): void {
  heartbeat.start();
  statusReports.tellAll(); // B01.FR.05
  events.flush();
}

/** A step of an EVSE is over: what waited for it may happen. */
function stepped(life: Life, evseId: number, before: Session, after: Session): void {
  const { context, availability, sessions, status: statusReports, resets } = life;
  const { dm, scope, memory, layout } = context;
  const due = availability.due(sessions.ongoing); // G03.FR.05, before the status is looked at: no flicker (G01.FR.05)
  if (due.length > 0) scope.run('scheduled availability', () => memory.commit(due));
  if (before.faults !== after.faults)
    dm.touched(evseId === 0 ? ChargingStation.Problem : EVSE.Problem, evseId === 0 ? {} : { evse: evseId });
  if (before.lock !== after.lock) {
    for (const connector of layout.evses.find((evse) => evse.id === evseId)?.connectors ?? []) {
      dm.touched(ConnectorPlugRetentionLock.Problem, { evse: evseId, connector: connector.id }); // G05.FR.02
    }
  }
  if (after.lock === 'failed' && before.lock !== 'failed') context.hardware.display(evseId, ['The cable cannot be locked']); // G05.FR.04
  statusReports.refresh();
  resets.check();
}
