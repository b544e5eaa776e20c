import { type Instant, limits, type Millis } from '@busbar/runtime';
import { CertificateDesk, type SigningOrder } from './blocks/a-security/certificate-desk.ts';
import { ProfileUpgrades } from './blocks/a-security/profile-upgrades.ts';
import { RunningCost } from './blocks/i-tariff-cost/running-cost.ts';
import type { Automation } from './config.ts';
import type { Kernel } from './kernel.ts';
import type { Session } from './session.ts';
import type { Station } from './stations.ts';
import type { Intent, Outcome, TxOutcome } from './store/intents.ts';

const ONBOARDING_MS = 5 * 60_000;
/** After a reboot the station first delivers what it has; only then is an open transaction worth a question. */
const AFTER_BOOT_MS = 120_000;

const CERTIFICATE_WATCH_MS = 3_600_000;

interface Asked {
  times: number;
  waitMs: Millis;
}

/** What the CSMS does unasked (D9): named, per station on or off, behind every person and driver. */
export class Automations {
  readonly #kernel: Kernel;
  readonly #gaps = new Map<string, Asked>();
  /** The last question of each station: the next one is asked after its end (D9: one at a time). */
  readonly #turns = new Map<number, Promise<void>>();
  readonly #bootAsked = new Set<string>();
  readonly desk: CertificateDesk;
  readonly upgrades: ProfileUpgrades;
  readonly #runningCost: RunningCost;
  /** Who else has waited for a station. */
  readonly #back: (station: Station) => void;

  constructor(kernel: Kernel, back: (station: Station) => void) {
    this.#kernel = kernel;
    this.#back = back;
    this.desk = new CertificateDesk(kernel);
    this.upgrades = new ProfileUpgrades(kernel, this.desk);
    this.#runningCost = new RunningCost(kernel, (station) => this.on(station, 'runningCost'));
  }

  on(station: Station, name: Automation): boolean {
    if (this.#kernel.config.testMode && station.settings.test?.automation === 'off') return false;
    return station.settings.automations?.[name] ?? this.#kernel.config.automations[name];
  }

  /** A link is up. A station without any boot answer on record is asked to boot once (D10), and holes it may fill are asked about. */
  connected(session: Session): void {
    const { station } = session;
    const { record } = station;
    if (record.approval !== 'approved') return;
    if (session.admission.restriction !== undefined) {
      // One that boots is Pending and asked then; one that only reconnects has no boot to be answered so.
      this.#kernel.scope.after(limits.gapQueryFirstMs, 'certRenewal (A00.FR.429)', () => {
        if (station.session === session && station.record.registration === 'Accepted') this.renew(station);
      });
    }
    if (record.registration === null && this.on(station, 'bootQuery') && !this.#bootAsked.has(record.identity)) {
      this.#bootAsked.add(record.identity);
      // A station that boots by itself does so at once; only one that does not is asked.
      this.#kernel.scope.after(limits.gapQueryFirstMs, 'bootQuery (D10)', () => {
        if (station.session !== session || station.record.registration !== null) return;
        this.#command(station, 'TriggerMessage', { requestedMessage: 'BootNotification' }, 'bootQuery');
      });
    }
    if (record.registration === 'Accepted') this.accepted(station, limits.gapQueryFirstMs);
  }

  /** The station takes part (again): queued commands go out, open questions are asked. */
  accepted(station: Station, waitMs: Millis = AFTER_BOOT_MS): void {
    this.#kernel.commands.linkReady(station);
    this.upgrades.accepted(station);
    this.#back(station);
    if (!this.on(station, 'gapQuery')) return;
    this.#kernel.scope.run('gapQuery after connect', async () => {
      const open = await this.#kernel.read.transactions({ station: station.record.row, notFinal: true, limit: limits.pageSize });
      for (const { txid, row } of open) {
        const started = waitMs === AFTER_BOOT_MS || row.endedAt !== null || row.ranges.length > 1;
        if (started) this.#ask(station, txid, waitMs);
      }
    });
  }

  /** A02, A03: the request was accepted; the certificate follows. */
  sign(station: Station, order: SigningOrder): void {
    this.#kernel.scope.run('sign certificate', () => this.desk.deliver(station, order));
  }

  /** A00.FR.429, A00.FR.807: at once, whatever else it may not do. */
  renew(station: Station): void {
    this.#kernel.scope.run('certRenewal', async () => {
      await this.desk.renew(station, 'ChargingStationCertificate', 'certRenewal', 'automation');
    });
  }

  #watchCertificates(): void {
    this.#kernel.scope.run('certRenewal', () => this.desk.watch((station) => this.on(station, 'certRenewal')));
  }

  /** B02: the inventory of a new station is fetched while it is Pending; then it is asked to boot again, and Accepted. */
  onboard(session: Session): void {
    const { station } = session;
    const { scope, queue, log, clock } = this.#kernel;
    const accept = (anomaly: boolean): void => {
      if (station.record.registration !== 'Pending') return;
      const row = station.record.row;
      // With a boot answer on record that is no longer the first one, the next BootNotification is Accepted.
      const intents: Intent[] = anomaly ? [{ k: 'anomaly', station: row, anomaly: 'onboardingIncomplete', at: clock.now() }] : [];
      if (intents.length > 0) queue.push(intents, () => undefined);
      this.#command(station, 'TriggerMessage', { requestedMessage: 'BootNotification' }, 'onboardingInventory');
    };
    const heard = new Set<number>();
    this.#heardReports.set(station.record.row, heard);
    const end = (anomaly: boolean): void => {
      timer.cancel();
      if (this.#heardReports.get(station.record.row) === heard) this.#heardReports.delete(station.record.row);
      accept(anomaly);
    };
    const timer = scope.after(ONBOARDING_MS, 'onboardingInventory takes too long (D20)', () => end(true));
    scope.run('onboardingInventory', async () => {
      const { commands, read } = this.#kernel;
      const started = await commands.start({
        station,
        action: 'GetBaseReport',
        payload: { reportBase: 'FullInventory' },
        origin: 'automation',
        actor: 'onboardingInventory',
      });
      const result = await started.ended;
      const command = await read.command(started.id);
      const accepted = result.state === 'answered' && isStatus(result.response, 'Accepted');
      if (!accepted || command?.requestId === undefined) {
        log.warn('onboarding without inventory', { station: station.record.identity, state: result.state });
        return end(true);
      }
      // A quick station's report is complete before we have read which one it is.
      if (heard.has(command.requestId)) end(false);
      else this.#reports.set(`${station.record.row} ${command.requestId}`, () => end(false));
    });
  }

  readonly #reports = new Map<string, () => void>();
  /** Complete reports of stations whose inventory is being fetched. */
  readonly #heardReports = new Map<number, Set<number>>();

  /** Hears every commit: a hole that was seen, a report that is complete. */
  committed(intent: Intent, outcome: Outcome): void {
    this.#kernel.prices.committed(intent);
    this.#runningCost.committed(intent, outcome);
    if (intent.k === 'report' && !intent.tbc) {
      const key = `${intent.station} ${intent.requestId}`;
      this.#reports.get(key)?.();
      this.#reports.delete(key);
      this.#heardReports.get(intent.station)?.add(intent.requestId);
      this.#kernel.stations.byRow(intent.station)?.askedReports.delete(intent.requestId);
    }
    if (outcome.tx === undefined || (intent.k !== 'txEvent' && intent.k !== 'txFact' && intent.k !== 'invalidResolved')) return;
    const station = this.#kernel.stations.byRow(intent.station);
    if (station !== undefined) this.#transaction(station, outcome.tx);
  }

  /** The state of open questions when the CSMS starts: bills that wait for an answer keep their time-out. */
  async resume(): Promise<void> {
    this.#runningCost.start();
    this.#kernel.scope.every(CERTIFICATE_WATCH_MS, 'certRenewal (A03)', () => this.#watchCertificates());
    await this.upgrades.resume();
    for (let beforeId: number | undefined; ; ) {
      const page = await this.#kernel.read.transactions({
        notFinal: true,
        state: 'ended',
        limit: limits.pageSize,
        ...(beforeId === undefined ? {} : { beforeId }),
      });
      for (const record of page) {
        const station = this.#kernel.stations.byRow(record.station);
        if (station === undefined) continue;
        const events = await this.#kernel.read.events(record.id);
        // As it was before the restart: from the moment the Ended came.
        const since = events.findLast(({ request }) => request.eventType === 'Ended')?.receivedAt;
        this.#billAfter(station, record.txid, since);
      }
      if (page.length < limits.pageSize) return;
      beforeId = page.at(-1)?.id;
    }
  }

  #transaction(station: Station, { txid, ended, final }: TxOutcome): void {
    if (!ended && !final) return;
    const key = keyOf(station, txid);
    if (final) {
      this.#gaps.delete(key);
      return;
    }
    if (this.#gaps.has(key)) return;
    this.#billAfter(station, txid);
    if (this.on(station, 'gapQuery')) this.#ask(station, txid, this.#kernel.config.gapQueryFirstMs);
  }

  /** D7: on a gap ask GetTransactionStatus; again with back-off while the station still has messages. */
  #ask(station: Station, txid: string, waitMs: Millis): void {
    const key = keyOf(station, txid);
    const asked = this.#gaps.get(key) ?? { times: 0, waitMs };
    if (asked.times >= limits.gapQueries) return;
    if (asked.times === 0 && this.#gaps.has(key)) return;
    this.#gaps.set(key, asked);
    this.#queryLater(station, txid, asked);
  }

  async #query(station: Station, txid: string, asked: Asked): Promise<void> {
    const { read, commands } = this.#kernel;
    const record = await read.transaction(station.record.row, txid);
    if (record === undefined || record.bill.bill === 'final') return void this.#gaps.delete(keyOf(station, txid));
    if (station.session === undefined) return void this.#gaps.delete(keyOf(station, txid)); // asked again after the reconnect
    const started = await commands.start({
      station,
      action: 'GetTransactionStatus',
      payload: { transactionId: txid },
      origin: 'automation',
      actor: 'gapQuery',
    });
    await started.ended;
    const after = await read.transaction(station.record.row, txid);
    if (after !== undefined && after.bill.bill !== 'final' && asked.times < limits.gapQueries) this.#queryLater(station, txid, asked);
  }

  /** Each question waits twice as long as the one before. */
  #queryLater(station: Station, txid: string, asked: Asked): void {
    this.#kernel.scope.after(asked.waitMs, 'gapQuery (D7)', () => {
      asked.times += 1;
      asked.waitMs = Math.min(asked.waitMs * 2, limits.gapQueryMaxMs);
      this.#kernel.scope.run('gapQuery', () => this.#inTurn(station, () => this.#query(station, txid, asked)));
    });
  }

  /** One after the other: many holes of one station never fill the queue that people's commands wait in. */
  #inTurn(station: Station, question: () => Promise<void>): Promise<void> {
    const { row } = station.record;
    const before = this.#turns.get(row) ?? Promise.resolve();
    const turn = before.then(question, question);
    this.#turns.set(row, turn);
    const over = (): void => {
      if (this.#turns.get(row) === turn) this.#turns.delete(row);
    };
    return turn.finally(over);
  }

  /** No usable answer in time: the bill closes with what is there, and says so (D7). */
  #billAfter(station: Station, txid: string, since?: Instant): void {
    const { scope, config, read, queue, clock } = this.#kernel;
    const waitedMs = since === undefined ? 0 : Math.max(0, clock.now() - since);
    scope.after(Math.max(0, config.billAfterMs - waitedMs), 'billAfter (D7)', () =>
      scope.run('billAfter', async () => {
        const record = await read.transaction(station.record.row, txid);
        if (record === undefined || record.bill.bill === 'final') return;
        await queue.commit([{ k: 'txFact', station: station.record.row, txid, fact: { kind: 'billTimeout', at: clock.now() } }]);
      }),
    );
  }

  #command(station: Station, action: 'TriggerMessage', payload: Readonly<Record<string, unknown>>, actor: Automation): void {
    this.#kernel.scope.run(actor, async () => {
      await this.#kernel.commands.start({ station, action, payload, origin: 'automation', actor });
    });
  }
}

const keyOf = (station: Station, txid: string): string => `${station.record.row} ${txid}`;
const isStatus = (response: unknown, status: string): boolean =>
  typeof response === 'object' && response !== null && 'status' in response && response.status === status;
