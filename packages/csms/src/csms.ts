import { loadRules, type OcppVersion } from '@busbar/protocol';
import {
  type Acceptor,
  BusbarError,
  type Clock,
  type Crypto,
  formatInstant,
  type Ids,
  type Log,
  makeIds,
  type Random,
  Scope,
  type Socket,
} from '@busbar/runtime';
import type { Authority } from './authority.ts';
import { Authorizer } from './authorization.ts';
import { Automations } from './automations.ts';
import { SecurityLog } from './blocks/a-security/security-log.ts';
import { Prices } from './blocks/i-tariff-cost/prices.ts';
import { BulkJobs } from './bulk.ts';
import { Commands } from './commands.ts';
import { CommitQueue } from './commit-queue.ts';
import { type CsmsConfig, type Extensions, MESSAGE_LOG } from './config.ts';
import { Counted } from './counted.ts';
import { FileService } from './files/file-service.ts';
import type { FileStore } from './files/file-store.ts';
import { MemoryFileStore } from './files/memory-file-store.ts';
import type { After } from './handler.ts';
import { type Admission, Handshakes } from './handshake.ts';
import type { Kernel } from './kernel.ts';
import { anomaliesOf } from './ledger/bill.ts';
import { Live, type TransactionNews } from './live.ts';
import { MessageLog, type MessageSink } from './message-log.ts';
import { hashPassword, PasswordVerifier, type Pepper, type SlowHash } from './passwords.ts';
import { People } from './people/people.ts';
import { keepFor } from './retention.ts';
import { Session } from './session.ts';
import { type Station, Stations } from './stations.ts';
import type { Intent, Outcome, TxOutcome } from './store/intents.ts';
import type { Store } from './store/store.ts';
import { UseCases } from './use-cases.ts';
import { type WebhookSender, Webhooks } from './webhooks.ts';

export interface CsmsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: Store;
  readonly config: CsmsConfig;
  readonly pepper: Pepper;
  readonly slowHash: SlowHash;
  readonly messages?: MessageSink;
  /** Where logs and firmware lie; in memory when left out. */
  readonly files?: FileStore;
  readonly extensions?: Extensions;
  readonly ids?: Ids;
  /** Keys and certificates (`loadCrypto` of `@busbar/runtime/node`); without it there are none. */
  readonly crypto?: () => Promise<Crypto>;
  /** How events leave the house; without it nobody outside can be told. */
  readonly webhooks?: WebhookSender;
  /** Our own certificate authority. */
  readonly authority?: Authority;
}

export interface Csms {
  /** Judges handshakes; hand it to a listener of `Network`. */
  readonly acceptor: Acceptor;
  /** A TLS handshake failed before anybody knew who it was; it is listed. */
  readonly tlsFailed: (remoteAddress: string, reason: string) => void;
  readonly kernel: Kernel;
  readonly automations: Automations;
  /** Jobs for many stations. */
  readonly bulk: BulkJobs;
  readonly webhooks: Webhooks;
  readonly pepper: Pepper;
  readonly slowHash: SlowHash;
  /** Closes all links politely, waits for what is under way, closes the store. */
  close(): Promise<void>;
}

/** The management system without its edges: hand it a store and a listener and it runs, really or on virtual time. */
export async function createCsms(options: CsmsOptions): Promise<Csms> {
  const { clock, random, log, store, config, pepper, slowHash, extensions = {} } = options;
  const scope = new Scope(clock, log, 'csms');
  const live = new Live(clock);
  const stations = new Stations(store.read);
  const people = new People(store.read, clock);
  const authorizer = new Authorizer(store.read, scope, extensions.authorize, config.authorizeTimeoutMs);
  const messages = new MessageLog(scope, options.messages, config.messageLog ?? MESSAGE_LOG);
  const hearing: { of: (intent: Intent, outcome: Outcome) => void } = { of: nobody };
  const queue = new CommitQueue(store, scope, (intents, outcomes) => {
    for (const [index, intent] of intents.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) hearing.of(intent, outcome);
    }
  });
  const commands = new Commands(() => kernel);
  const kernel: Kernel = {
    clock,
    random,
    ids: options.ids ?? makeIds(random, clock),
    log,
    scope,
    config,
    extensions,
    ...keysOf(options),
    read: store.read,
    queue,
    live,
    messages,
    counted: new Counted(),
    authorizer,
    prices: new Prices(store.read, log),
    stations,
    people,
    commands,
    files: new FileService(() => kernel, options.files ?? new MemoryFileStore()),
    security: new SecurityLog(() => kernel),
  };
  const bulk = new BulkJobs(kernel, () => useCases);
  const automations = new Automations(kernel, (station) => bulk.accepted(station));
  const webhooks = new Webhooks(kernel, pepper, options.webhooks);
  hearing.of = hear(kernel, automations, webhooks);
  await queue.commit([{ k: 'commandsUnknown', at: clock.now() }]);
  await Promise.all([stations.load(), people.load(), kernel.prices.load()]);
  for (const part of [commands, automations]) await part.resume();
  keepFor(store, scope, config);

  const handshakes = new Handshakes({
    kernel,
    verifier: new PasswordVerifier(pepper, slowHash, random),
    pepper,
    slowHash,
    prefix: '/ocpp/',
    opened: (station, version, socket, admission) => openLater(kernel, automations, { station, version, socket, admission }),
  });
  const csms: Csms = {
    acceptor: (handshake) => handshakes.judge(handshake),
    tlsFailed: (remoteAddress, reason) => handshakes.tlsFailed(remoteAddress, reason),
    kernel,
    automations,
    bulk,
    webhooks,
    pepper,
    slowHash,
    close: async () => {
      for (const station of stations.all()) station.session?.close(1001, 'the CSMS stops');
      await queue.commit([]); // everything before it is durable now
      messages.flush();
      scope.close();
      await options.messages?.close();
      await store.close();
    },
  };
  const useCases = new UseCases(csms);
  await bulk.resume();
  await webhooks.resume();
  return csms;
}

/** What is in memory follows what became durable, and people hear of it last. */
const hear =
  (kernel: Kernel, automations: Automations, webhooks: Webhooks) =>
  (intent: Intent, outcome: Outcome): void => {
    kernel.stations.apply(intent, outcome);
    kernel.people.apply(intent, outcome);
    forgetToken(kernel.authorizer, intent);
    automations.committed(intent, outcome);
    webhooks.committed(intent);
    publish(kernel, intent, outcome);
  };

/** Who may sign, hash and judge certificates here. */
function keysOf({
  crypto,
  authority,
  extensions = {},
  pepper,
  random,
  slowHash,
}: CsmsOptions): Pick<Kernel, 'crypto' | 'authority' | 'canSign' | 'hashPassword'> {
  return {
    crypto: crypto ?? (() => Promise.reject(new BusbarError('conflict', 'this CSMS was built without certificates'))),
    authority,
    canSign: crypto !== undefined && (authority !== undefined || extensions.signCertificate !== undefined),
    hashPassword: (stationId, password, kind) => hashPassword(stationId, password, kind, pepper, random, slowHash),
  };
}

/** What follows an answer once it has left. */
const afterwards =
  ({ live, clock, scope, security }: Kernel, automations: Automations) =>
  (session: Session, what: After): void => {
    if (what.run === 'onboardingInventory') automations.onboard(session);
    else if (what.run === 'signCertificate') automations.sign(session.station, what);
    else if (what.run === 'renewCertificate') automations.renew(session.station);
    else if (what.run === 'securityEvent') scope.run('security event', () => security.note(session.station, what.type, what.techInfo));
    else if (what.run === 'accepted') automations.accepted(session.station);
    else if (what.run === 'tellAuthorize')
      live.publish({
        type: 'authorize',
        stationId: session.station.record.identity,
        idToken: what.idToken,
        status: what.status,
        ms: clock.now() - what.since,
      });
    else session.close(what.code, what.reason);
  };

function forgetToken(authorizer: Authorizer, intent: Intent): void {
  if (intent.k === 'tokenPut') authorizer.forget(intent.token.type, intent.token.idToken);
  if (intent.k === 'tokenErase') authorizer.forget(intent.type, intent.idToken);
  if (intent.k === 'tokenDelete') authorizer.forget(intent.type, intent.idToken);
}

const nobody = (): void => undefined;

interface Opening {
  readonly station: Station;
  readonly version: OcppVersion;
  readonly socket: Socket;
  readonly admission: Admission;
}

function openLater(kernel: Kernel, automations: Automations, opening: Opening): void {
  kernel.scope.run('open session', async () => {
    try {
      await openSession(kernel, automations, afterwards(kernel, automations), opening);
    } catch (error) {
      opening.socket.close(1011, 'the session could not be opened'); // else it would answer pings and nothing else for ever
      throw error;
    }
  });
}

/** A socket becomes a session once its epoch is durable; frames that came meanwhile wait in the socket. */
async function openSession(
  kernel: Kernel,
  automations: Automations,
  after: (session: Session, after: After) => void,
  { station, version, socket, admission }: Opening,
): Promise<void> {
  const rules = await loadRules(version);
  const [outcome] = await kernel.queue.commit([
    { k: 'connectionOpened', station: station.record.row, at: kernel.clock.now(), version, remote: socket.remoteAddress },
  ]);
  if (outcome?.assigned === undefined) return socket.close(1011, 'the station is not registered any more');
  // T5: one link per station. The older socket is closed; what it says from now on carries an older epoch.
  station.session?.close(1000, 'replaced by a newer connection');
  const session = new Session(kernel, station, socket, rules, outcome.assigned, admission, after);
  station.session = session;
  kernel.live.publish({
    type: 'station',
    stationId: station.record.identity,
    what: 'connected',
    detail: { version, securityProfile: admission.securityProfile },
  });
  if (admission.certificate) automations.desk.seen(admission.certificate.issuer, admission.certificate.serial);
  automations.connected(session);
}

function publish({ live, stations, commands }: Kernel, intent: Intent, outcome: Outcome): void {
  const stationId =
    'station' in intent && typeof intent.station === 'number' ? (stations.byRow(intent.station)?.record.identity ?? '') : '';
  switch (intent.k) {
    case 'boot':
      return live.publish({
        type: 'station',
        stationId,
        what: 'boot',
        detail: { status: intent.status, reason: intent.request.reason, model: intent.request.chargingStation.model },
      });
    case 'connectionClosed':
      return live.publish({ type: 'station', stationId, what: 'disconnected', detail: { code: intent.code, reason: intent.reason } });
    case 'status':
      if (outcome.result === 'done')
        live.publish({ type: 'connector', stationId, evseId: intent.evse, connectorId: intent.connector, status: intent.status });
      return;
    case 'txEvent':
      if (outcome.tx !== undefined && outcome.result !== 'duplicate') {
        const { tx } = outcome;
        if (intent.request.eventType === 'Updated') live.publishOften(() => transactionEvent(stationId, intent, tx));
        else live.publish(transactionEvent(stationId, intent, tx));
      }
      return;
    case 'txFact':
      if (outcome.tx?.becameFinal === true)
        live.publish({ type: 'transaction', stationId, transactionId: intent.txid, kind: 'final', detail: summary(outcome.tx) });
      return;
    case 'commandPut': {
      const { id, action, station } = intent.command;
      const owner = stations.byRow(station)?.record.identity;
      if (outcome.result === 'new' && owner !== undefined)
        live.publish({ type: 'command', stationId: owner, commandId: id, action, state: 'queued' });
      return;
    }
    case 'commandState': {
      const about = commands.about(intent.id);
      if (outcome.result === 'done' && about !== undefined)
        live.publish({ type: 'command', stationId: about.stationId, commandId: intent.id, action: about.action, state: intent.state });
      return;
    }
    case 'log':
    case 'firmwareUpdate': {
      const { status } = intent.change;
      if (status !== undefined && outcome.result === 'done')
        live.publish({ type: intent.k === 'log' ? 'log' : 'firmware', stationId, requestId: intent.requestId, status });
      return;
    }
    case 'customerInformation':
      if (!intent.tbc) live.publish({ type: 'customerInformation', stationId, requestId: intent.requestId });
      return;
    case 'securityEvent':
      if (outcome.result === 'new')
        live.publish({
          type: 'security',
          stationId,
          event: intent.type,
          critical: intent.critical,
          source: intent.source,
          techInfo: intent.techInfo ?? null,
        });
      return;
    case 'jobPut':
      return live.publish({
        type: 'job',
        stationId: stations.byRow(intent.job.station)?.record.identity ?? '',
        jobId: intent.job.id,
        kind: intent.job.kind,
        state: intent.job.state,
        step: intent.job.step,
      });
    case 'notice':
      if (intent.action === 'LogStatusNotification' || intent.action === 'FirmwareStatusNotification') return; // told as what they are
      return live.publish({ type: 'notice', stationId, action: intent.action });
    default:
      return;
  }
}

function transactionEvent(stationId: string, { request }: Extract<Intent, { k: 'txEvent' }>, tx: TxOutcome) {
  const kinds = { Started: 'started', Updated: 'updated', Ended: 'ended' } as const;
  return {
    type: 'transaction',
    stationId,
    transactionId: tx.txid,
    kind: kinds[request.eventType],
    detail: { ...summary(tx), seqNo: request.seqNo, trigger: request.triggerReason },
  } as const;
}

const summary = ({ row, bill }: TxOutcome): TransactionNews => ({
  evseId: row.evse,
  connectorId: row.connector,
  state: row.state,
  chargingState: row.chargingState,
  startedAt: row.startedAt === null ? null : formatInstant(row.startedAt),
  energyWh: bill.energyMWh === null ? null : bill.energyMWh / 1000,
  powerW: row.powerW,
  socPercent: row.socPercent,
  events: row.events,
  bill: bill.bill,
  completeness: bill.completeness,
  missingSeqNos: bill.missingSeqNos,
  stoppedReason: row.stoppedReason,
  anomalies: anomaliesOf(row),
});
