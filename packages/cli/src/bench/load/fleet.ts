import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusbarError } from '@busbar/runtime';
import { cpuMs } from '../measure/processes.ts';
import { HotEvent, HotHeartbeat, type HotMessage, transactionEvent } from './hot-event.ts';
import { LoadStation } from './station.ts';

export interface Credentials {
  readonly id: string;
  readonly password: string;
}

export interface Run {
  /** Length of the measured window. */
  readonly ms: number;
  /** Messages per second of all stations together; without it each sends as soon as it is answered. */
  readonly offered?: number;
  /** Processes whose processor time is read at both ends of the window. */
  readonly pids: readonly number[];
  /** Heartbeats instead of the transactions' events. */
  readonly heartbeats?: boolean;
}

export interface RunResult {
  readonly answered: number;
  readonly refused: number;
  readonly seconds: number;
  /** From the moment a message was due. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Per pid, over the window. */
  readonly cpuMs: readonly number[];
  readonly ownCpuMs: number;
  /** From the last message sent to the last answer: after it nothing is queued anywhere. */
  readonly drainMs: number;
}

const MOST_LATENCIES = 4_000_000;
/** Stations on one of this machine's addresses; each connection takes a port of it. */
const PER_ADDRESS = 10_000;

interface Member {
  readonly station: LoadStation;
  readonly event: HotEvent;
  /** What it sends now. */
  message: HotMessage;
  seqNo: number;
  due: number;
  waiting: boolean;
}

/** All stations of one load process. */
export class Fleet {
  readonly #members: Member[] = [];
  readonly #latencies = new Float64Array(MOST_LATENCIES);
  /** Answers the stations got since they started their transactions, with the Started ones. */
  acknowledged = 0;
  #count = 0;
  #refused = 0;
  #measuring = false;
  #open = 0;
  #next: ((member: Member) => void) | undefined;
  #idle: (() => void) | undefined;

  get size(): number {
    return this.#members.length;
  }

  /** Connects and boots them, some at once. */
  async connect(port: number, stations: readonly Credentials[], atOnce: number, deflate: boolean): Promise<void> {
    await inGroups(stations, atOnce, async ({ id, password }) => {
      const index = this.#members.length;
      const address = 2 + Math.floor(index / PER_ADDRESS);
      const station = new LoadStation({
        id,
        password,
        port,
        deflate,
        ...(stations.length > PER_ADDRESS ? { localAddress: `127.0.0.${address}` } : {}),
      });
      const event = new HotEvent(randomUUID());
      const member: Member = { station, event, message: event, seqNo: 0, due: 0, waiting: false };
      this.#members.push(member);
      await station.connect();
      await station.boot();
      station.lost = (reason) => {
        throw new BusbarError('internal', `the load lost ${id}: ${reason}`);
      };
      station.answered = (accepted) => this.#answered(member, accepted);
    });
  }

  /** Each begins its transaction. */
  async begin(): Promise<void> {
    await inGroups(this.#members, 100, async ({ station, event }) => {
      await station.call('TransactionEvent', transactionEvent(event.transactionId, 0, 'Started'));
      this.acknowledged += 1;
    });
  }

  async run({ ms, offered, pids, heartbeats }: Run): Promise<RunResult> {
    const heartbeat = new HotHeartbeat();
    for (const member of this.#members) member.message = heartbeats === true ? heartbeat : member.event;
    this.#count = 0;
    this.#refused = 0;
    const stop = offered === undefined ? this.#backToBack() : this.#atRate(offered);
    await sleep(Math.min(300, ms / 4));
    const [before, own, from] = [pids.map(cpuMs), process.cpuUsage(), performance.now()];
    this.#measuring = true;
    await sleep(ms);
    this.#measuring = false;
    const seconds = (performance.now() - from) / 1000;
    const used = process.cpuUsage(own);
    const after = pids.map(cpuMs);
    stop();
    const drainFrom = performance.now();
    await this.#drained();
    const sorted = this.#latencies.subarray(0, this.#count).sort();
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      answered: this.#count,
      refused: this.#refused,
      seconds,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
      cpuMs: after.map((value, index) => value - (before[index] ?? 0)),
      ownCpuMs: (used.user + used.system) / 1000,
      drainMs: performance.now() - drainFrom,
    };
  }

  close(): void {
    for (const { station } of this.#members.splice(0)) station.close();
  }

  /** One CALL after the other, as fast as they are answered. */
  #backToBack(): () => void {
    this.#next = (member) => this.#send(member, performance.now());
    for (const member of this.#members) this.#next(member);
    return () => {
      this.#next = undefined;
    };
  }

  /** In turn, at a steady rate; a station that still waits sends late, and the lateness counts. */
  #atRate(perSecond: number): () => void {
    const from = performance.now();
    const late: Map<Member, number> = new Map();
    let sent = 0;
    this.#next = (member) => {
      const due = late.get(member);
      if (due === undefined) return;
      late.delete(member);
      this.#send(member, due);
    };
    const tick = (): void => {
      const due = Math.floor(((performance.now() - from) * perSecond) / 1000);
      for (; sent < due; sent += 1) {
        const member = this.#members[sent % this.#members.length];
        if (member === undefined) continue;
        const at = from + (sent * 1000) / perSecond;
        if (!member.waiting) this.#send(member, at);
        else if (!late.has(member)) late.set(member, at);
      }
    };
    const timer = setInterval(tick, 1);
    return () => {
      clearInterval(timer);
      this.#next = undefined;
    };
  }

  #send(member: Member, due: number): void {
    member.due = due;
    member.waiting = true;
    member.seqNo += 1;
    this.#open += 1;
    member.station.send(member.message, member.seqNo);
  }

  #answered(member: Member, accepted: boolean): void {
    member.waiting = false;
    this.#open -= 1;
    if (!accepted) this.#refused += 1;
    else if (member.message === member.event) this.acknowledged += 1;
    if (this.#measuring && this.#count < MOST_LATENCIES) {
      this.#latencies[this.#count] = performance.now() - member.due;
      this.#count += 1;
    }
    this.#next?.(member);
    if (this.#open === 0) this.#idle?.();
  }

  #drained(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }
}

/** So many at once, in order. */
export async function inGroups<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
