import type { Ocpp } from '@busbar/protocol';
import { BusbarError, type Instant, isRecord, limits, messageOf, type Timer } from '@busbar/runtime';
import { compare } from './configuration-drift.ts';
import type { Kernel } from './kernel.ts';
import { type StationFilter, stationsThat } from './station-filter.ts';
import { type Station, unknownStation } from './stations.ts';
import type { BulkCounts, BulkItemState, BulkRecord } from './store/bulk-intents.ts';
import type { Intent } from './store/intents.ts';
import type { CallView, UseCases } from './use-cases.ts';

/** What is done with each station. */
export type BulkAction =
  | { readonly kind: 'call'; readonly action: string; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: 'setVariables'; readonly variables: readonly Ocpp.SetVariableDataType[] }
  /** Only what a station has otherwise, as last told, is written to it. */
  | { readonly kind: 'applyVariables'; readonly variables: readonly Ocpp.SetVariableDataType[] }
  | { readonly kind: 'reset'; readonly type: 'Immediate' | 'OnIdle' | 'ImmediateAndResume' }
  | { readonly kind: 'availability'; readonly operationalStatus: 'Operative' | 'Inoperative' }
  | { readonly kind: 'trigger'; readonly requestedMessage: string }
  | { readonly kind: 'clearCache' }
  | { readonly kind: 'baseReport'; readonly reportBase: 'ConfigurationInventory' | 'FullInventory' | 'SummaryInventory' };

export interface BulkOptions {
  /** Stations that are not connected fail at once, or wait until then. */
  readonly offline: 'refuse' | 'queue';
  readonly expiresAt?: Instant;
  /** Stations that are spoken to at the same time. */
  readonly atOnce: number;
}

export interface BulkWish {
  readonly stations?: readonly string[];
  readonly filter?: StationFilter;
  readonly action: BulkAction;
  readonly offline?: 'refuse' | 'queue';
  /** Seconds. */
  readonly expires?: number;
  readonly atOnce?: number;
}

export interface BulkView {
  readonly bulk: BulkRecord;
  readonly counts: BulkCounts;
}

type Ended = Exclude<BulkItemState, 'waiting' | 'underWay'>;
interface End {
  readonly state: Ended;
  readonly command?: string;
  readonly reason?: string;
  readonly result?: string;
}

interface Running {
  readonly record: BulkRecord;
  readonly action: BulkAction;
  readonly options: BulkOptions;
  /** Rows whose turn has not come, or that are not connected. */
  readonly waiting: Set<number>;
  readonly counts: Record<BulkItemState, number>;
  underWay: number;
  expiry?: Timer;
}

/**
 * Jobs for many stations. An item is durable as `underWay` before anything is sent to its station, so a restart of the CSMS
 * goes on with what waits and calls what was under way unknown: nothing is ever sent twice.
 */
export class BulkJobs {
  readonly #kernel: Kernel;
  readonly #useCases: () => UseCases;
  readonly #running = new Map<string, Running>();

  constructor(kernel: Kernel, useCases: () => UseCases) {
    this.#kernel = kernel;
    this.#useCases = useCases;
  }

  async resume(): Promise<void> {
    const { read } = this.#kernel;
    for (const record of await read.runningBulks()) this.#run(record, await read.bulkWaiting(record.id), await read.bulkCounts(record.id));
  }

  /** Of somebody who may see some sites, only stations of those. */
  async start(wish: BulkWish, actor: string, sites?: readonly number[]): Promise<BulkView> {
    const { clock, ids, queue } = this.#kernel;
    const stations = await this.#meant(wish, sites);
    await this.#check(wish.action);
    const now = clock.now();
    const options: BulkOptions = {
      offline: wish.offline ?? 'refuse',
      atOnce: wish.atOnce ?? limits.bulkAtOnce,
      ...(wish.offline === 'queue' ? { expiresAt: now + (wish.expires ?? limits.bulkExpiresS) * 1000 } : {}),
    };
    const record: BulkRecord = {
      id: ids.uuid7(),
      action: JSON.stringify(wish.action),
      options: JSON.stringify(options),
      state: 'running',
      total: stations.length,
      actor,
      createdAt: now,
      endedAt: null,
    };
    const rows = stations.map((station) => station.record.row);
    await queue.commit([
      { k: 'bulkPut', bulk: record, stations: rows },
      this.#audit(actor, 'bulk', record.id, nameOf(wish.action), `${rows.length} stations`),
    ]);
    this.#run(record, rows, { ...NONE, waiting: rows.length });
    return this.view(record.id);
  }

  async view(id: string): Promise<BulkView> {
    const { read } = this.#kernel;
    const bulk = await read.bulk(id);
    if (bulk === undefined) throw noBulk(id);
    return { bulk, counts: await read.bulkCounts(id) };
  }

  /** What waits is not begun any more; what is under way ends by itself. */
  async stop(id: string, actor: string): Promise<BulkView> {
    await this.view(id);
    const job = this.#running.get(id);
    if (job === undefined) throw new BusbarError('conflict', `Bulk job ${id} is over.`);
    job.waiting.clear();
    await this.#end(job, 'stopped', [this.#audit(actor, 'stopBulk', id, '', 'done')]);
    return this.view(id);
  }

  /** The station takes part (again): whatever waited for it has its turn. */
  accepted(station: Station): void {
    for (const job of this.#running.values()) if (job.waiting.has(station.record.row)) this.#pump(job);
  }

  async #meant({ stations, filter }: BulkWish, sites: readonly number[] | undefined): Promise<readonly Station[]> {
    if ((stations === undefined) === (filter === undefined))
      throw new BusbarError('invalid-request', 'Stations are named by their ids or by a filter.', { fields: { pointer: '/stations' } });
    const useCases = this.#useCases();
    const named = (id: string): Station => {
      const station = useCases.station(id);
      if (sites?.includes(station.record.site) === false) throw unknownStation(id);
      return station;
    };
    const found = stations === undefined ? await stationsThat(this.#kernel, filter ?? {}, sites) : [...new Set(stations)].map(named);
    if (found.length === 0)
      throw new BusbarError('invalid-request', 'No station fits.', {
        fields: { pointer: stations === undefined ? '/filter' : '/stations' },
      });
    if (found.length > limits.bulkStations)
      throw new BusbarError('invalid-request', `A job is for at most ${limits.bulkStations} stations; these are ${found.length}.`, {
        fields: { pointer: '/filter' },
      });
    return found;
  }

  /** What no station could take is refused before any hears of it. */
  async #check(action: BulkAction): Promise<void> {
    const call = callOf(action);
    if (call !== undefined) await this.#useCases().checkCall(call.action, call.payload);
  }

  #run(record: BulkRecord, waiting: readonly number[], counts: BulkCounts): void {
    const action: BulkAction = JSON.parse(record.action);
    const options: BulkOptions = JSON.parse(record.options);
    const job: Running = { record, action, options, waiting: new Set(waiting), counts: { ...counts }, underWay: 0 };
    this.#running.set(record.id, job);
    this.#tell(job, '');
    const { scope, clock } = this.#kernel;
    if (options.expiresAt !== undefined)
      job.expiry = scope.after(Math.max(0, options.expiresAt - clock.now()), 'bulk job expires', () => this.#expire(job));
    this.#pump(job);
  }

  /** Begins as many as may be spoken to at once. Those that are not connected wait where that is wanted. */
  #pump(job: Running): void {
    const { stations, scope } = this.#kernel;
    for (const row of job.waiting) {
      if (job.underWay >= job.options.atOnce) return;
      const station = stations.byRow(row);
      if (job.options.offline === 'queue' && station !== undefined && !speaks(station)) continue;
      job.waiting.delete(row);
      job.underWay += 1;
      scope.run('bulk item', async () => {
        try {
          await this.#item(job, row);
        } finally {
          job.underWay -= 1;
          this.#pump(job);
        }
      });
    }
    if (job.waiting.size === 0 && job.underWay === 0 && this.#running.has(job.record.id))
      scope.run('bulk end', () => this.#end(job, 'done'));
  }

  async #item(job: Running, row: number): Promise<void> {
    const { queue, clock, stations } = this.#kernel;
    const { id } = job.record;
    const [begun] = await queue.commit([{ k: 'bulkBegin', bulk: id, station: row, at: clock.now() }]);
    if (begun?.result !== 'done') return; // stopped meanwhile
    this.#count(job, 'waiting', 'underWay');
    const station = stations.byRow(row);
    const end: End = station === undefined ? { state: 'failed', reason: 'station-unknown' } : await this.#act(job, station);
    await queue.commit([{ k: 'bulkItem', bulk: id, station: row, at: clock.now(), ...end }]);
    this.#count(job, 'underWay', end.state);
    this.#tell(job, station?.record.identity ?? '');
  }

  async #act({ action, record }: Running, station: Station): Promise<End> {
    const options = { actor: record.actor, waitMs: limits.bulkWaitMs } as const;
    try {
      if (action.kind === 'setVariables')
        return variablesEnd(await this.#useCases().setVariables(station.record.identity, action.variables, record.actor));
      if (action.kind === 'applyVariables') return await this.#apply(station, action.variables, record.actor);
      const call = callOf(action);
      if (call === undefined) return { state: 'failed', reason: 'unknown kind' };
      return callEnd(await this.#useCases().call(station.record.identity, call.action, call.payload, options));
    } catch (error) {
      if (!(error instanceof BusbarError)) this.#kernel.log.error('a bulk item failed', { bulk: record.id, error });
      const code = error instanceof BusbarError ? error.code : 'internal';
      return { state: code === 'no-answer' ? 'unknown' : 'failed', reason: `${code}: ${messageOf(error)}`.slice(0, 500) };
    }
  }

  async #apply(station: Station, wanted: readonly Ocpp.SetVariableDataType[], actor: string): Promise<End> {
    const { read } = this.#kernel;
    const { differing } = await compare(read, station, wanted);
    const variables = differing.flatMap(({ index, state }) =>
      state === 'differs' || state === 'refused' ? wanted.slice(index, index + 1) : [],
    );
    if (variables.length === 0) return { state: 'done', result: '[]' };
    return variablesEnd(await this.#useCases().setVariables(station.record.identity, variables, actor));
  }

  #expire(job: Running): void {
    if (!this.#running.has(job.record.id)) return;
    job.waiting.clear();
    if (job.underWay === 0) this.#kernel.scope.run('bulk expires', () => this.#end(job, 'done'));
  }

  /** Once: whoever is second finds it gone. */
  async #end(job: Running, state: 'done' | 'stopped', more: readonly Intent[] = []): Promise<void> {
    if (!this.#running.delete(job.record.id)) return;
    job.expiry?.cancel();
    const { queue, clock } = this.#kernel;
    const waiting =
      state === 'stopped' ? ({ state: 'stopped', reason: 'stopped' } as const) : ({ state: 'failed', reason: 'expired' } as const);
    await queue.commit([{ k: 'bulkEnd', bulk: job.record.id, state, waiting, at: clock.now() }, ...more]);
    job.counts[waiting.state] += job.counts.waiting;
    job.counts.waiting = 0;
    this.#tell(job, '', state);
  }

  #count(job: Running, from: BulkItemState, to: BulkItemState): void {
    job.counts[from] -= 1;
    job.counts[to] += 1;
  }

  #tell({ record, counts }: Running, stationId: string, state: BulkRecord['state'] = 'running'): void {
    this.#kernel.live.publish({
      type: 'bulk',
      stationId,
      bulkId: record.id,
      actor: record.actor,
      state,
      total: record.total,
      counts: { ...counts },
    });
  }

  #audit(actor: string, action: string, target: string, reason: string, result: string): Intent {
    return { k: 'audit', at: this.#kernel.clock.now(), actor, action, target, reason, result };
  }
}

export const noBulk = (id: string): BusbarError => new BusbarError('not-found', `No bulk job ${id}.`);

const NONE: BulkCounts = { waiting: 0, underWay: 0, done: 0, refused: 0, failed: 0, unknown: 0, stopped: 0 };

const speaks = ({ session, record }: Station): boolean =>
  session !== undefined && !session.peer.closed && record.approval === 'approved' && record.registration !== 'Rejected';

export const nameOf = (action: BulkAction): string => (action.kind === 'call' ? action.action : action.kind);

/** The message behind the kinds that are one. */
function callOf(action: BulkAction): { readonly action: string; readonly payload: Readonly<Record<string, unknown>> } | undefined {
  switch (action.kind) {
    case 'call':
      return action;
    case 'reset':
      return { action: 'Reset', payload: { type: action.type } };
    case 'availability':
      return { action: 'ChangeAvailability', payload: { operationalStatus: action.operationalStatus } };
    case 'trigger':
      return { action: 'TriggerMessage', payload: { requestedMessage: action.requestedMessage } };
    case 'clearCache':
      return { action: 'ClearCache', payload: {} };
    case 'baseReport':
      return { action: 'GetBaseReport', payload: { reportBase: action.reportBase } };
    case 'setVariables':
    case 'applyVariables':
      return undefined;
  }
}

/** Statuses that mean the station does what was asked, now or later. */
const TAKEN: ReadonlySet<string> = new Set(['Accepted', 'Scheduled', 'RebootRequired', 'Unlocked', 'AcceptedCanceled']);

function callEnd(view: CallView): End {
  const command = view.commandId;
  switch (view.state) {
    case 'answered': {
      const result = kept(view.response);
      const status = isRecord(view.response) ? view.response['status'] : undefined;
      if (typeof status !== 'string' || TAKEN.has(status)) return { state: 'done', command, ...result };
      return { state: 'refused', command, reason: reasonOf(status, view.response), ...result };
    }
    case 'refused':
      return { state: 'refused', command, reason: `${view.error?.code ?? ''}: ${view.error?.description ?? ''}` };
    case 'notSent':
      return { state: 'failed', command, reason: view.reason ?? 'not sent' };
    case 'queued':
    case 'sent':
    case 'unknown':
      return { state: 'unknown', command, reason: view.reason ?? 'no answer yet' };
  }
}

/** The answer, unless it is too long for a list; the command has it whole. */
function kept(response: unknown): { readonly result?: string } {
  const result = JSON.stringify(response);
  return result.length > limits.bulkResultCharacters ? {} : { result };
}

function reasonOf(status: string, response: unknown): string {
  const info = isRecord(response) ? response['statusInfo'] : undefined;
  if (!isRecord(info)) return status;
  return [status, info['reasonCode'], info['additionalInfo']].filter((part) => typeof part === 'string').join(': ');
}

function variablesEnd(results: readonly Ocpp.SetVariableResultType[]): End {
  const result = kept(results);
  const refused = results.filter(({ attributeStatus }) => !TAKEN.has(attributeStatus));
  if (refused.length === 0) return { state: 'done', ...result };
  const reason = refused
    .map(({ component, variable, attributeStatus }) => `${component.name}.${variable.name}: ${attributeStatus}`)
    .join(', ');
  return { state: 'refused', reason: reason.slice(0, 500), ...result };
}
