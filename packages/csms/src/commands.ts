import { type Action, CallFailure, existsIn, isAction, type Ocpp, type Priority, type RequestOf, RpcError } from '@busbar/protocol';
import { BusbarError, type Instant, limits, type Millis } from '@busbar/runtime';
import { MASKED, maskSecrets, newPassword, passwordStatus } from './blocks/a-security/password-change.ts';
import { fromGetVariables, fromSetVariables } from './blocks/b-provisioning/known-variables.ts';
import { fileAnswer } from './files/answers.ts';
import type { Kernel } from './kernel.ts';
import type { Station } from './stations.ts';
import type { CommandInput, CommandRecord, CommandState, Intent } from './store/intents.ts';

export interface CommandRequest {
  readonly station: Station;
  readonly action: Action;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly origin: Priority;
  readonly actor: string;
  readonly timeoutMs?: Millis;
  /** Past narrowing and validation (test mode only). */
  readonly raw?: boolean;
  readonly offline?: 'refuse' | 'queue';
  readonly expiresAt?: Instant;
  readonly idempotencyKey?: string;
  /** The password in it was made here and nobody can guess it. */
  readonly generatedPassword?: boolean;
}

export type CommandResult =
  | { readonly state: 'answered'; readonly response: unknown }
  | { readonly state: 'refused'; readonly code: string; readonly description: string }
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'notSent'; readonly reason: string };

/** A command that is under way: whose it is, and its end that somebody may wait for. */
interface RunningCommand {
  readonly stationId: string;
  readonly action: Action;
  readonly end: PromiseWithResolvers<CommandResult>;
}

export interface StartedCommand {
  readonly id: string;
  /** Settles when the command has ended; never rejects. */
  readonly ended: Promise<CommandResult>;
}

/** Actions whose request needs a number that only the CSMS can give out. */
export const COUNTERS: Partial<Record<Action, 'requestId' | 'remoteStartId'>> = {
  RequestStartTransaction: 'remoteStartId',
  GetBaseReport: 'requestId',
  GetReport: 'requestId',
  GetMonitoringReport: 'requestId',
  GetLog: 'requestId',
  GetChargingProfiles: 'requestId',
  GetDisplayMessages: 'requestId',
  CustomerInformation: 'requestId',
  UpdateFirmware: 'requestId',
  PublishFirmware: 'requestId',
  SetMonitoringBase: 'requestId',
};
const REPORTS: ReadonlySet<Action> = new Set<Action>(['GetBaseReport', 'GetReport']);

/**
 * What the CSMS asks of stations. Each command is a row before it is a frame; `sent` is durable before the frame is written,
 * a link that closes makes it `unknown` at once, and nothing is ever sent again by itself.
 */
export class Commands {
  readonly #kernel: () => Kernel;
  readonly #changing = new Set<number>();
  readonly #running = new Map<string, RunningCommand>();
  readonly #aborts = new Map<string, AbortController>();
  /** Commands of offline stations that wait for the link, by station. */
  readonly #offline = new Map<number, { readonly id: string; readonly request: CommandRequest }[]>();

  constructor(kernel: () => Kernel) {
    this.#kernel = kernel;
  }

  async start(request: CommandRequest): Promise<StartedCommand> {
    const { read, ids, clock, queue } = this.#kernel();
    const { station, action, idempotencyKey } = request;
    if (idempotencyKey !== undefined) {
      const before = await read.commandByKey(station.record.row, idempotencyKey);
      if (before !== undefined) return { id: before.id, ended: this.wait(before.id) };
    }
    const payload = await this.#numbered(request);
    const id = ids.uuid7();
    const input: CommandInput = {
      id,
      station: station.record.row,
      action,
      request: JSON.stringify(maskSecrets(payload)), // A01.FR.08, A01.FR.09
      origin: request.origin,
      actor: request.actor,
      createdAt: clock.now(),
      ...numbersOf(payload),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(request.expiresAt === undefined ? {} : { expiresAt: request.expiresAt }),
    };
    const [outcome] = await queue.commit([{ k: 'commandPut', command: input }]);
    if (outcome?.result === 'duplicate' && idempotencyKey !== undefined) {
      const before = await read.commandByKey(station.record.row, idempotencyKey);
      if (before !== undefined) return { id: before.id, ended: this.wait(before.id) };
    }
    const end = Promise.withResolvers<CommandResult>();
    this.#running.set(id, { stationId: station.record.identity, action, end });
    this.#dispatch(id, { ...request, payload });
    return { id, ended: end.promise };
  }

  /** Whose command this is and what it asks, while it is under way. */
  about(id: string): { readonly stationId: string; readonly action: Action } | undefined {
    return this.#running.get(id);
  }

  /** The end of a command, from memory while it runs, from its row afterwards. */
  async wait(id: string): Promise<CommandResult> {
    const running = this.#running.get(id);
    if (running) return running.end.promise;
    const record = await this.#kernel().read.command(id);
    return record === undefined ? { state: 'notSent', reason: 'unknown command' } : resultOf(record);
  }

  /** Takes back a command that was not sent yet. */
  cancel(id: string): boolean {
    for (const waiting of this.#offline.values()) {
      const at = waiting.findIndex((entry) => entry.id === id);
      if (at >= 0) {
        waiting.splice(at, 1);
        this.#end(id, { state: 'notSent', reason: 'cancelled' });
        return true;
      }
    }
    const abort = this.#aborts.get(id);
    abort?.abort();
    return abort !== undefined;
  }

  /** The station is back and may be spoken to: what waited for it goes out, in order. */
  linkReady(station: Station): void {
    const waiting = this.#offline.get(station.record.row) ?? [];
    this.#offline.delete(station.record.row);
    for (const { id, request } of waiting) this.#dispatch(id, request);
  }

  async #numbered({ station, action, payload, raw }: CommandRequest): Promise<Readonly<Record<string, unknown>>> {
    const counter = COUNTERS[action];
    if (counter === undefined || payload[counter] !== undefined || raw === true) return payload;
    const [outcome] = await this.#kernel().queue.commit([{ k: 'nextId', station: station.record.row, counter }]);
    return { ...payload, [counter]: outcome?.assigned ?? 0 };
  }

  #dispatch(id: string, request: CommandRequest): void {
    const refusal = this.#refusal(request);
    if (refusal === undefined) return this.#send(id, request);
    if (refusal !== 'not-connected' || request.offline !== 'queue') return this.#end(id, { state: 'notSent', reason: refusal });
    const waiting = this.#offline.get(request.station.record.row) ?? [];
    if (waiting.length >= limits.queuedCalls) return this.#end(id, { state: 'notSent', reason: 'queue-full' });
    this.#park(id, request);
  }

  /** Waits for the link, until it expires. */
  #park(id: string, request: CommandRequest): void {
    const { row } = request.station.record;
    const waiting = this.#offline.get(row) ?? [];
    waiting.push({ id, request });
    this.#offline.set(row, waiting);
    const { scope, clock } = this.#kernel();
    if (request.expiresAt === undefined) return;
    scope.after(request.expiresAt - clock.now(), 'command expires', () => {
      const still = this.#offline.get(row) ?? [];
      const at = still.findIndex((entry) => entry.id === id);
      if (at < 0) return;
      still.splice(at, 1);
      this.#end(id, { state: 'notSent', reason: 'expired' });
    });
  }

  /** After a restart: what waits for its station goes on waiting, and still expires. */
  async resume(): Promise<void> {
    const { read, stations, queue, clock } = this.#kernel();
    for (const record of await read.queuedCommands()) {
      const station = stations.byRow(record.station);
      if (station === undefined || !isAction(record.action)) continue;
      const { id, action, origin, actor, expiresAt } = record;
      if (record.request.includes(MASKED)) {
        await queue.commit([{ k: 'commandState', id, state: 'notSent', at: clock.now(), result: '{"reason":"secretNotKept"}' }]);
        continue;
      }
      this.#running.set(id, { stationId: station.record.identity, action, end: Promise.withResolvers<CommandResult>() });
      this.#park(id, {
        station,
        action,
        payload: JSON.parse(record.request),
        origin,
        actor,
        offline: 'queue',
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
    }
  }

  #refusal({ station, action }: CommandRequest): string | undefined {
    const { session, record } = station;
    if (session === undefined || session.peer.closed) return 'not-connected';
    if (record.approval !== 'approved') return 'not-approved'; // D20: we send it nothing
    // B03.FR.03: a rejected station gets nothing; to make it boot again is what it waits for anyway.
    if (record.registration === 'Rejected') return 'not-accepted';
    return existsIn(action, session.version) ? undefined : 'not-in-version';
  }

  #send(id: string, request: CommandRequest): void {
    const { session } = request.station;
    if (session === undefined) return this.#end(id, { state: 'notSent', reason: 'not-connected' });
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    if (REPORTS.has(request.action) && typeof request.payload['requestId'] === 'number')
      request.station.askedReports.add(request.payload['requestId']);
    session.peer
      .callUnknown(request.action, request.payload, {
        priority: request.origin,
        signal: abort.signal,
        prepare: (messageId) => this.#markSent(id, messageId, request),
        ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
        ...(request.raw === undefined ? {} : { raw: request.raw }),
      })
      .then(
        (response) => this.#answered(id, request, response),
        (error: unknown) => this.#failed(id, request, failureOf(error)),
      );
  }

  async #markSent(id: string, messageId: string, { station, action, payload, generatedPassword }: CommandRequest): Promise<boolean> {
    const { queue, clock, hashPassword } = this.#kernel();
    this.#aborts.delete(id); // from here on it cannot be taken back
    const password = action === 'SetVariables' ? newPassword(payload) : undefined;
    const pending: Intent[] = [];
    if (password !== undefined) {
      // D17: both passwords are valid until the answer, or until one is used. Durable before the station can know it.
      this.#changing.add(station.record.row);
      pending.push({
        k: 'stationPatch',
        station: station.record.row,
        patch: {
          pendingPassword: await hashPassword(station.record.identity, password, generatedPassword === true ? 'generated' : 'chosen'),
        },
      });
    }
    const [outcome] = await queue.commit([{ k: 'commandState', id, state: 'sent', at: clock.now(), messageId }, ...pending]);
    return outcome?.result === 'done';
  }

  /** A new password is on its way to this station and nobody knows yet whether it took it. */
  isChangingPassword({ record }: Station): boolean {
    return this.#changing.has(record.row);
  }

  #answered(id: string, request: CommandRequest, response: unknown): void {
    this.#end(id, { state: 'answered', response }, this.#learned(request, response));
  }

  #failed(id: string, { station, action, payload }: CommandRequest, result: CommandResult): void {
    if (action !== 'SetVariables' || newPassword(payload) === undefined) return this.#end(id, result);
    this.#changing.delete(station.record.row);
    // A01.FR.04: refused is not changed. Without an answer both stay valid until one is used (D17).
    const dropped = result.state === 'unknown' || station.record.pendingPassword === null;
    const { row } = station.record;
    this.#end(id, result, dropped ? [] : [{ k: 'stationPatch', station: row, patch: { pendingPassword: null } }]);
  }

  /** A01.FR.03, A01.FR.04: Accepted makes the new password the only one, anything else leaves the old one. */
  #passwordAnswered({ record }: Station, payload: Ocpp.SetVariablesRequest, response: Ocpp.SetVariablesResponse): readonly Intent[] {
    if (newPassword(payload) === undefined) return [];
    const status = passwordStatus(response);
    if (status === 'RebootRequired') return []; // the old one is in use until then: both stay valid
    this.#changing.delete(record.row);
    if (record.pendingPassword === null) return [];
    const password = status === 'Accepted' ? { password: record.pendingPassword } : {};
    return [{ k: 'stationPatch', station: record.row, patch: { ...password, pendingPassword: null } }];
  }

  /** What the answer tells beside itself: variables, a transaction's state, a message that may come now. */
  #learned({ station, action, payload }: CommandRequest, response: unknown): readonly Intent[] {
    const { session, record } = station;
    const { clock } = this.#kernel();
    const rules = session?.peer.rules;
    if (rules === undefined) return [];
    const now = clock.now();
    const told = fileAnswer(record.row, now, action, payload, response, rules);
    if (told !== undefined) return told;
    if (action === 'GetVariables' && rules.isResponse(action, response)) return fromGetVariables(record.row, now, response);
    if (action === 'SetVariables' && rules.isResponse(action, response) && rules.isRequest(action, payload))
      return [...fromSetVariables(record.row, now, payload, response), ...this.#passwordAnswered(station, payload, response)];
    if (action === 'TriggerMessage' && rules.isResponse(action, response) && rules.isRequest(action, payload)) {
      if (response.status === 'Accepted') session?.expectTriggered(triggeredAction(payload.requestedMessage));
      return [];
    }
    if (
      action === 'GetTransactionStatus' &&
      rules.isResponse(action, response) &&
      rules.isRequest(action, payload) &&
      payload.transactionId !== undefined
    ) {
      const { messagesInQueue, ongoingIndicator } = response;
      const fact = {
        kind: 'statusAnswer',
        at: now,
        messagesInQueue,
        ...(ongoingIndicator === undefined ? {} : { ongoing: ongoingIndicator }),
      } as const;
      return [{ k: 'txFact', station: record.row, txid: payload.transactionId, fact }];
    }
    return [];
  }

  #end(id: string, result: CommandResult, learned: readonly Intent[] = []): void {
    const { queue, clock, log, counted } = this.#kernel();
    this.#aborts.delete(id);
    const { state, ...rest } = result;
    counted.commands.add(state);
    queue.commit([{ k: 'commandState', id, state, at: clock.now(), result: JSON.stringify(rest) }, ...learned]).then(
      () => this.#settle(id, result),
      (error: unknown) => {
        log.error('the end of a command could not be stored', { command: id, error });
        this.#settle(id, result);
      },
    );
  }

  #settle(id: string, result: CommandResult): void {
    this.#running.get(id)?.end.resolve(result);
    this.#running.delete(id);
  }
}

function numbersOf(payload: Readonly<Record<string, unknown>>): { remoteStartId?: number; requestId?: number } {
  const { remoteStartId, requestId } = payload;
  return {
    ...(typeof remoteStartId === 'number' ? { remoteStartId } : {}),
    ...(typeof requestId === 'number' ? { requestId } : {}),
  };
}

function failureOf(error: unknown): CommandResult {
  if (error instanceof RpcError) return { state: 'refused', code: error.code, description: error.message };
  if (!(error instanceof CallFailure)) return { state: 'unknown', reason: 'internal' };
  switch (error.kind) {
    case 'timeout':
    case 'connectionLost':
    case 'invalidResponse':
      return { state: 'unknown', reason: error.kind };
    case 'notSent':
      return { state: 'notSent', reason: 'not-connected' };
    case 'queueFull':
      return { state: 'notSent', reason: 'queue-full' };
    case 'cancelled':
      return { state: 'notSent', reason: 'cancelled' };
    case 'notInVersion':
      return { state: 'notSent', reason: `not-in-version: ${error.message}` };
    case 'invalidRequest':
      return { state: 'notSent', reason: `invalid-request: ${error.message}` };
  }
}

export function resultOf({ state, result }: CommandRecord): CommandResult {
  const rest = result === null ? {} : JSON.parse(result);
  const ended: CommandState = state === 'queued' || state === 'sent' ? 'unknown' : state;
  return { state: ended, ...rest };
}

/** Which message a TriggerMessage value calls for. */
const triggeredAction = (requested: RequestOf<'TriggerMessage'>['requestedMessage']): string =>
  requested.startsWith('Sign') ? 'SignCertificate' : requested;

/** The same check for names that come from outside. */
export function commandAction(name: string): Action {
  if (!isAction(name)) throw new BusbarError('not-found', `${name} is no OCPP action.`);
  return name;
}
