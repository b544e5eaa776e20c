import { CallFailure, RpcError } from '@busbar/protocol';
import { limits } from '@busbar/runtime';
import type { Kernel } from '../../kernel.ts';
import type { Session } from '../../session.ts';
import type { Station } from '../../stations.ts';
import type { Intent, Outcome, StationRow, VariableRow } from '../../store/intents.ts';
import { totalCostOf } from './prices.ts';

interface Running {
  readonly txid: string;
  /** What the driver was told last. */
  told?: number;
}

/**
 * I02: while a transaction runs, its station is told every minute what it costs so far. Only stations that say they can show it are;
 * one message at a time, and none while anything else waits for the station: the next minute has the newer sum anyway. So these
 * messages are no commands with a row of their own; the message log has them.
 */
export class RunningCost {
  readonly #kernel: Kernel;
  readonly #on: (station: Station) => boolean;
  /** Running transactions of stations that spoke of them in this life. */
  readonly #running = new Map<StationRow, Map<string, Running>>();
  readonly #capable = new Map<StationRow, Promise<boolean>>();
  /** Stations that wait for an answer, and links on which the message was refused. */
  readonly #asking = new Set<StationRow>();
  readonly #refused = new WeakSet<Session>();
  #busy = false;

  constructor(kernel: Kernel, on: (station: Station) => boolean) {
    this.#kernel = kernel;
    this.#on = on;
  }

  start(): void {
    const { scope, prices } = this.#kernel;
    scope.every(limits.runningCostMs, 'runningCost (I02.FR.01)', () => {
      if (!this.#busy && prices.any) scope.run('runningCost', () => this.#round());
    });
  }

  /** Hears every commit: which transactions run, and what stations tell of themselves. */
  committed(intent: Intent, { tx }: Outcome): void {
    if (intent.k === 'variables' || intent.k === 'report') return void this.#capable.delete(intent.station);
    if (intent.k === 'stationDelete' || intent.k === 'connectionClosed') return void this.#running.delete(intent.station);
    if (tx === undefined || (intent.k !== 'txEvent' && intent.k !== 'txFact')) return;
    const { txid, ended, final } = tx;
    const own = this.#running.get(intent.station) ?? new Map<string, Running>();
    if (ended || final) own.delete(txid);
    else if (own.has(txid)) return;
    else own.set(txid, { txid });
    if (own.size === 0) this.#running.delete(intent.station);
    else this.#running.set(intent.station, own);
  }

  async #round(): Promise<void> {
    this.#busy = true;
    try {
      for (const [row, own] of this.#running) {
        const station = this.#kernel.stations.byRow(row);
        if (station !== undefined && (await this.#mayHear(station))) await this.#tell(station, [...own.values()]);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #mayHear(station: Station): Promise<boolean> {
    const { session, record, settings } = station;
    if (session === undefined || this.#refused.has(session) || this.#asking.has(record.row)) return false;
    if (settings.runningCost === 'answer' || record.registration !== 'Accepted' || record.approval !== 'approved') return false;
    return this.#on(station) && (settings.runningCost === 'message' || (await this.#canShow(record.row)));
  }

  #canShow(row: StationRow): Promise<boolean> {
    const known = this.#capable.get(row);
    if (known) return known;
    const asked = this.#kernel.read.variables(row).then(showsCost);
    this.#capable.set(row, asked);
    asked.catch(() => this.#capable.delete(row));
    return asked;
  }

  async #tell({ record, session }: Station, transactions: readonly Running[]): Promise<void> {
    const { prices, read, scope } = this.#kernel;
    const news: { readonly running: Running; readonly totalCost: number }[] = [];
    for (const running of transactions) {
      const transaction = await read.transaction(record.row, running.txid);
      if (transaction === undefined) continue;
      const cost = await prices.cost(record, transaction);
      const totalCost = cost === undefined ? undefined : totalCostOf(cost);
      if (totalCost !== undefined && totalCost !== running.told) news.push({ running, totalCost });
    }
    if (news.length === 0 || session === undefined) return;
    this.#asking.add(record.row);
    scope.run('CostUpdated', async () => {
      try {
        for (const { running, totalCost } of news) {
          if (session.peer.queued > 0 || session.peer.busy) return; // others first
          const transactionId = running.txid;
          await session.peer.call('CostUpdated', { totalCost, transactionId }, { priority: 'automation' });
          running.told = totalCost;
        }
      } catch (error) {
        if (error instanceof RpcError) this.#refused.add(session);
        else if (!(error instanceof CallFailure)) throw error;
      } finally {
        this.#asking.delete(record.row);
      }
    });
  }
}

/** What I02 asks of the station: that costs can be shown, and are. */
function showsCost(variables: readonly VariableRow[]): boolean {
  const value = (name: string): string | undefined =>
    variables.find(
      ({ component, variable, instance, attribute }) =>
        component === 'TariffCostCtrlr' && variable === name && instance === 'Cost' && attribute === 'Actual',
    )?.value;
  return value('Available') === 'true' && value('Enabled') !== 'false';
}
