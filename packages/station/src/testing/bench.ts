import { loadRules, type OcppVersion, type RequestOf } from '@busbar/protocol';
import { makeIds, Secret, silentLog } from '@busbar/runtime';
import { MemoryJournal, seededRandom, VirtualClock, VirtualDisk, VirtualNetwork } from '@busbar/runtime/virtual';
import type { StationConfig } from '../config.ts';
import { demoTopologies, parseTopology, simulatedHardware } from '../hardware/index.ts';
import { createStation } from '../station.ts';
import type { TraceEvent } from '../trace.ts';
import { ScriptedCsms } from './scripted-csms.ts';

export interface BenchOptions {
  readonly topology?: unknown;
  readonly config?: Partial<StationConfig>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly version?: OcppVersion;
  readonly disk?: VirtualDisk;
  readonly clock?: VirtualClock;
}

export const CARD = { idToken: 'AABBCCDD', type: 'ISO14443' } as const;
export const OTHER_CARD = { idToken: '11223344', type: 'ISO14443' } as const;

/** A station on virtual time with simulated hardware and a scripted CSMS. */
export function bench(options: BenchOptions = {}) {
  const clock = options.clock ?? new VirtualClock();
  const random = seededRandom(7);
  const disk = options.disk ?? new VirtualDisk();
  const network = new VirtualNetwork(clock);
  const csms = new ScriptedCsms(clock, network);
  csms.version = options.version ?? 'ocpp2.0.1';
  const layout = parseTopology(options.topology ?? demoTopologies.acSinglePhase).layout;
  const trace: TraceEvent[] = [];
  const ids = makeIds(random, clock);
  const build = () => {
    const hardware = simulatedHardware({ layout, clock, random, world: disk.worldFile() });
    const station = createStation({
      config: {
        identity: 'CS-1',
        csmsUrl: 'ws://csms/ocpp',
        password: new Secret('0123456789abcdef'),
        variables: options.variables ?? {},
        ...options.config,
      },
      hardware,
      clock,
      random,
      ids,
      log: silentLog,
      network,
      journal: () => new MemoryJournal(clock, disk),
      onTrace: (event) => trace.push(event),
    });
    return { hardware, station };
  };
  let { hardware, station } = build();
  const self = {
    clock,
    disk,
    network,
    csms,
    trace,
    layout,
    get hardware() {
      return hardware;
    },
    get station() {
      return station;
    },
    /** Power on, connected, accepted, all connectors told. */
    async booted(): Promise<void> {
      await loadRules(csms.version); // real file reading: before virtual time begins
      station.start();
      await clock.until('the station is accepted', () => station.facts().registration === 'accepted');
      await clock.advance(2_000);
    },
    /** The process dies this moment; hardware and journal lose what was not on disk. */
    cut(): void {
      station.powerCut();
      hardware.powerOff();
    },
    /** Power is back: everything is built from the disk again. */
    restore(): void {
      ({ hardware, station } = build());
      station.start();
    },
    /** Transaction events, oldest first. */
    get events(): readonly RequestOf<'TransactionEvent'>[] {
      return csms.of('TransactionEvent');
    },
    /** Plug, card, energy. */
    async charging(evse = 1): Promise<string> {
      hardware.plug(evse, 1, { readyAfterS: 0 });
      await clock.advance(1_000);
      hardware.presentToken({ ...CARD, evse });
      await clock.until('energy flows', () => station.facts().evses[evse - 1]?.flow === 'flowing', 30_000);
      await clock.advance(2_000);
      return station.facts().evses[evse - 1]?.transaction?.id ?? '';
    },
    async set(component: string, variable: string, value: string, instance?: string): Promise<string> {
      const answer = csms.call('SetVariables', {
        setVariableData: [
          {
            component: { name: component },
            variable: { name: variable, ...(instance === undefined ? {} : { instance }) },
            attributeValue: value,
          },
        ],
      });
      await clock.advance(100);
      return (await answer).setVariableResult[0]?.attributeStatus ?? '';
    },
    async ask<A extends Parameters<ScriptedCsms['call']>[0]>(action: A, request: RequestOf<A>) {
      const answer = csms.call(action, request);
      await clock.advance(1_500);
      return answer;
    },
  };
  return self;
}

export type Bench = ReturnType<typeof bench>;
