import { type InboundCall, type Peer, RpcError } from '@busbar/protocol';
import { ChargingStation, ConnectorPlugRetentionLock, EVSE, OCPPCommCtrlr } from '@busbar/protocol/device-model';
import { type DialError, messageOf, type Network, s } from '@busbar/runtime';
import type { Attempt } from './blocks/b-provisioning/connection-plan.ts';
import { factsOf, resumeOrEnd } from './blocks/e-transactions/after-power-on.ts';
import type { Session } from './blocks/e-transactions/session.ts';
import { buildLife } from './build-life.ts';
import type { Context } from './context.ts';
import { answer } from './handlers.ts';
import type { HardwareEvent } from './hardware/hardware.ts';
import { hardwareEvent, Sockets } from './hardware-events.ts';
import type { Life } from './life.ts';
import { keys } from './memory.ts';

/** Puts one life of a station together and sets it going: power-on to power-off. `reboot` is called when it wants to begin anew. */
export function startLife(context: Context, network: Network, reboot: () => void): Life {
  const sockets = new Sockets();
  const life = buildLife(context, network, sockets, { stepped, accepted, opened, lost, failed, inbound, reboot });
  context.dm.life = life;
  const early: HardwareEvent[] = [];
  let listening = false;
  context.hardware.listen((event) => {
    if (context.scope.closed) return;
    if (listening) hardwareEvent(event, life, sockets);
    else early.push(event);
  });
  listening = true;
  powerOn(life, early.splice(0), sockets);
  life.monitors.start();
  life.aligned.start();
  keepAliveRecord(life);
  tellOfStart(life);
  life.signing.start();
  life.firmware.resume();
  life.logUpload.resume();
  life.link.start();
  return life;
}

/** A04: that it started is a security event, that it was made to another one. */
function tellOfStart({ security, registration }: Life): void {
  security.report('StartupOfTheDevice', registration.reason);
  if (registration.reason !== 'PowerUp') security.report('ResetOrReboot', registration.reason);
}

/** Sessions that were open go on or end; a vehicle that hung there before is no news; all other facts are. */
function powerOn(life: Life, early: readonly HardwareEvent[], sockets: Sockets): void {
  const { context, sessions, registration } = life;
  const byReset = registration.reason === 'RemoteReset' || registration.reason === 'ScheduledReset';
  const known = new Set<number>();
  for (const event of early) if (event.kind === 'cable') sockets.set(event.evse, event.connector, event.inserted);
  for (const { value: stored } of context.memory.list<Session>(keys.sessions)) {
    const { evseId } = stored;
    const facts = factsOf(evseId, early);
    const open = stored.transaction !== undefined || stored.authorization !== undefined || stored.keepLockedFor !== undefined;
    if (open) resumeOrEnd(context, sessions, stored, facts, byReset);
    else if (facts.connectorId !== undefined && facts.connectorId === stored.connectorId) sessions.found(evseId, facts);
    else continue;
    known.add(evseId);
  }
  for (const event of early) {
    const evse = 'evse' in event ? event.evse : undefined;
    if (event.kind !== 'cable' && (evse === undefined || !known.has(evse))) hardwareEvent(event, life, sockets);
  }
  giveBackCables(life, early);
  // The power may have gone between the end of a transaction and what waited for it.
  const due = life.availability.due(sessions.ongoing);
  if (due.length > 0) context.scope.run('scheduled availability', () => context.memory.commit(due));
  life.status.refresh();
  life.resets.check();
}

/** A cable that is locked for nobody goes back to its owner: the power went while it was being unlocked (E06.FR.10). */
function giveBackCables({ context, sessions }: Life, early: readonly HardwareEvent[]): void {
  for (const event of early) {
    if (event.kind !== 'lock' || event.state !== 'locked') continue;
    const { authorization, keepLockedFor } = sessions.get(event.evse);
    if (authorization !== undefined || keepLockedFor !== undefined) continue;
    sessions.found(event.evse, { lock: 'open', lockedConnector: undefined });
    context.scope.run('unlock', async () => void (await context.hardware.lock(event.evse, event.connector, 'unlock')));
  }
}

/** While a transaction runs, the journal knows within a minute when the process died (ResumptionTimeout). */
function keepAliveRecord({ context, sessions }: Life): void {
  context.scope.every(s(60), 'alive record', () => {
    if (sessions.ongoing.length === 0) return;
    context.scope.run('alive record', () => context.memory.commit([{ put: keys.alive, value: JSON.stringify(context.clock.now()) }]));
  });
}

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

function opened(life: Life, peer: Peer, attempt: Attempt): void {
  const { link, outbox, registration, status: statusReports, events, notices, heartbeat, context, profiles, security, signing } = life;
  const { offlineMs } = link;
  profiles.opened(attempt.slot);
  signing.opened(attempt);
  outbox.opened(peer);
  registration.opened(attempt.slot);
  if (registration.state !== 'accepted') return;
  proven(life);
  heartbeat.start();
  // B04.FR.01, B04.FR.02
  if (offlineMs > s(context.dm.number(OCPPCommCtrlr.OfflineThreshold))) statusReports.tellAll();
  else statusReports.tellChanged();
  events.flush();
  notices.flush();
  security.flush();
}

/** The CSMS takes us as we came: this network profile, this certificate. */
function proven({ context, profiles, plan, security, signing, succession }: Life): void {
  security.well();
  plan.anew();
  const changes = [...profiles.proven(profiles.active), ...signing.proven(), ...succession.proven()];
  if (changes.length > 0) context.scope.run('proven profile', () => context.memory.commit(changes));
}

/** Why no link came about, where it concerns security; once for a run of failures (A00.FR.310, A00.FR.316, A00.FR.323 and their like of profile 3). */
function failed({ security }: Life, { message, httpStatus, tlsFault }: DialError): void {
  if (tlsFault === 'certificate') security.reportOnce('InvalidCsmsCertificate', message);
  else if (tlsFault === 'version') security.reportOnce('InvalidTLSVersion', message);
  else if (tlsFault === 'cipher') security.reportOnce('InvalidTLSCipherSuite', message);
  else if (tlsFault === 'clientCertificate' || httpStatus === 401) security.reportOnce('FailedToAuthenticateAtCsms', message);
}

function lost({ outbox, queue, heartbeat }: Life): void {
  outbox.lost();
  queue.lost();
  heartbeat.stop();
}

function accepted(life: Life): void {
  const { status: statusReports, heartbeat, events, notices, security } = life;
  proven(life);
  heartbeat.start();
  statusReports.tellAll(); // B01.FR.05
  events.flush();
  notices.flush();
  security.flush();
}

/** A step of an EVSE is over: what waited for it may happen. */
function stepped(life: Life, evseId: number, before: Session, after: Session): void {
  const { context, availability, sessions, status: statusReports, resets, firmware } = life;
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
  firmware.check();
}
