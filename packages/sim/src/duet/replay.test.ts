import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Csms, createCsms, hashPassword, inlineSlowHash } from '@busbar/csms';
import { DirectStore, memoryDatabase } from '@busbar/csms/store';
import { UseCases } from '@busbar/csms/use-cases';
import { loadRules } from '@busbar/protocol';
import { Scope, Secret, type Socket, silentLog } from '@busbar/runtime';
import { seededRandom, VirtualClock, VirtualNetwork } from '@busbar/runtime/virtual';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFAULTS } from '../duet.ts';
import { parseRecording, type Recording } from '../recording.ts';
import { type ReplayOptions, type ReplayReport, replay } from '../replay.ts';

beforeAll(async () => {
  await Promise.all([loadRules('ocpp2.0.1'), loadRules('ocpp2.1')]);
});

const recorded = (version: string): Recording =>
  parseRecording(readFileSync(join(import.meta.dirname, '../../../../examples/sessions', `${version}.jsonl`), 'utf8'));

/** What `busbar demo --once` printed when it recorded them. */
const SESSIONS = [
  { version: 'ocpp2.0.1', energyMWh: 197_905 },
  { version: 'ocpp2.1', energyMWh: 197_944 },
] as const;

const PEPPER = { id: 'replay', key: new Uint8Array(32).fill(5) };
const PASSWORD = new Secret('replay-password-of-24-ch');

/** A CSMS in memory that knows the recorded station and its card. */
class Bench {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock);
  readonly random = seededRandom(9);
  #csms: Csms | undefined;

  get csms(): Csms {
    if (this.#csms === undefined) throw new Error('not started');
    return this.#csms;
  }

  static async start({ header }: Recording): Promise<Bench> {
    const bench = new Bench();
    const { clock, random } = bench;
    bench.#csms = await bench.settle(
      createCsms({
        clock,
        random,
        log: silentLog,
        store: new DirectStore(memoryDatabase(), clock),
        config: {
          ...DEFAULTS,
          testMode: false,
          automations: { onboardingInventory: true, gapQuery: true, bootQuery: true, certRenewal: false, runningCost: false },
        },
        pepper: PEPPER,
        slowHash: inlineSlowHash,
      }),
    );
    bench.network.listen('ws://csms', bench.csms.acceptor);
    const identity = header.stationId;
    const password = await hashPassword(identity, PASSWORD, 'generated', PEPPER, random, inlineSlowHash);
    await bench.settle(
      bench.csms.kernel.queue.commit([
        { k: 'stationPut', station: { identity, password, securityProfile: 1, approval: 'approved', at: clock.now() } },
      ]),
    );
    await bench.csms.kernel.stations.refresh(identity);
    await bench.settle(new UseCases(bench.csms).putToken({ type: 'ISO14443', idToken: 'DEMOONCE01', status: 'Accepted' }, 'test'));
    return bench;
  }

  async play(recording: Recording, options: Partial<ReplayOptions> = {}): Promise<ReplayReport> {
    const { header } = recording;
    const socket: Socket = await this.settle(
      this.network.dial({
        url: `ws://csms/ocpp/${header.stationId}`,
        subprotocols: [header.ocppVersion],
        basic: { user: header.stationId, password: PASSWORD },
        deflate: false,
        timeoutMs: 5_000,
      }),
    );
    const scope = new Scope(this.clock, silentLog, 'replay');
    const report = await this.settle(replay({ recording, socket, scope, patienceMs: 2_000, ...options }));
    socket.close(1000, 'over');
    scope.close();
    await this.clock.advance(1_000);
    return report;
  }

  /** All that the ledger says: rows, bills, events. */
  async ledger(): Promise<unknown> {
    const { read } = this.csms.kernel;
    const all = await read.transactions({ limit: 100 });
    return Promise.all(all.map(async ({ id, ...rest }) => ({ ...rest, stored: (await read.events(id)).map(({ request }) => request) })));
  }

  async settle<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    await this.clock.until('a promise settles', () => done, 3_600_000);
    return promise;
  }
}

const first = (recording: Recording, count: number): Recording => ({ ...recording, frames: recording.frames.slice(0, count) });

describe.each(SESSIONS)('a recorded session of two processes, $version', ({ version, energyMWh }) => {
  const recording = recorded(version);

  test('is answered as recorded, and the ledger has its energy', async () => {
    const bench = await Bench.start(recording);
    const report = await bench.play(recording);
    expect(report.differences).toEqual([]);
    expect(report.unknownCalls).toEqual([]);
    const [transaction, ...others] = await bench.csms.kernel.read.transactions({ limit: 10 });
    expect(others).toEqual([]);
    expect(transaction?.bill).toMatchObject({ energyMWh, bill: 'final', completeness: 'complete', missingSeqNos: [] });
  });

  test('keeps its pace where that is wanted', async () => {
    const bench = await Bench.start(recording);
    const from = bench.clock.monotonic();
    await bench.play(recording, { pace: 'recorded' });
    expect(bench.clock.monotonic() - from).toBeGreaterThan(recording.frames.at(-1)?.t ?? 0);
  });

  test('played again changes nothing, whatever part of it was played before', async () => {
    const once = await Bench.start(recording);
    await once.play(recording);
    const expected = await once.ledger();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(recording.frames.length), { minLength: 1, maxLength: 3 }), async (cuts) => {
        const bench = await Bench.start(recording);
        for (const cut of cuts) await bench.play(first(recording, cut));
        await bench.play(recording);
        expect(await bench.ledger()).toEqual(expected);
        await bench.play(recording);
        expect(await bench.ledger()).toEqual(expected);
      }),
      { numRuns: 12, seed: 20260 },
    );
  });
});

test('a CSMS that answers otherwise is told where', async () => {
  const recording = recorded('ocpp2.0.1');
  const bench = await Bench.start(recording);
  await bench.settle(new UseCases(bench.csms).putToken({ type: 'ISO14443', idToken: 'DEMOONCE01', status: 'Blocked' }, 'test'));
  const { differences } = await bench.play(recording);
  const lines = recording.frames.flatMap(({ frame }, index) => (JSON.stringify(frame).includes('"idTokenInfo"') ? [index + 2] : []));
  expect(differences.map(({ line }) => line)).toEqual(lines);
  expect(differences[0]?.what).toBe('/idTokenInfo/status is Blocked, in the recording Accepted');
});

test('a CALL of the CSMS that does not come is missed, one that was not recorded is refused', async () => {
  const recording = recorded('ocpp2.0.1');
  const bench = await Bench.start(recording);
  await bench.play(recording);
  const again = await bench.play(recording); // accepted by now: no inventory is fetched
  expect(again.differences.map(({ what }) => what)).toContain('the CSMS did not call GetBaseReport');
  const other = await Bench.start(recording);
  const { frames } = recording;
  const heartbeat = [
    { t: 1_000, direction: 'station→csms', frame: [2, 'h1', 'Heartbeat', {}] },
    { t: 1_001, direction: 'csms→station', frame: [4, 'h1', 'SecurityError', '', {}] },
  ] as const;
  const report = await other.play({ ...recording, frames: [...frames.slice(0, 2), ...heartbeat] }, { pace: 'recorded' });
  expect(report).toMatchObject({ differences: [], unknownCalls: ['GetBaseReport', 'TriggerMessage'] });
});

test('a link that the CSMS closes ends the replay with the line', async () => {
  const recording = recorded('ocpp2.0.1');
  const bench = await Bench.start(recording);
  const playing = bench.play(recording, { pace: 'recorded' });
  await bench.clock.advance(2_000);
  bench.csms.kernel.stations.get(recording.header.stationId)?.session?.close(1001, 'maintenance');
  const { differences } = await playing;
  expect(differences.at(-1)?.what).toBe('the CSMS closed the link (1001 maintenance)');
});
