import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VirtualStationsExtension, VirtualStationView } from '@busbar/csms';
import { BusbarError, isErrorCode, isRecord, type Log } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { writeSecret } from '../keys.ts';
import { type SpawnedLab, spawnVirtualStations } from '../spawn.ts';

interface Kept extends VirtualStationView {
  readonly password: string;
  readonly tokens: readonly string[];
}

/** Meter values every 5 seconds: a demo should move. */
const VARIABLES = {
  acSinglePhase: { 'SampledDataCtrlr.TxUpdatedInterval': '5' },
  acThreePhase: { 'SampledDataCtrlr.TxUpdatedInterval': '5' },
  dc150: {
    'SampledDataCtrlr.TxUpdatedInterval': '5',
    'SampledDataCtrlr.TxUpdatedMeasurands': 'Energy.Active.Import.Register,Power.Active.Import,SoC',
  },
} as const;

/**
 * The simulated stations of a CSMS, in a process of their own: a station that goes wild takes nothing with it. Which there
 * are lies in a file that only the owner reads; after a restart they come back with their meters and open transactions.
 */
export class VirtualLab implements VirtualStationsExtension {
  readonly #folder: string;
  readonly #log: Log;
  readonly #ocppUrl: () => string;
  readonly #stations = new Map<string, Kept>();
  #lab: Promise<SpawnedLab> | undefined;
  #stopping = false;

  constructor(data: string, log: Log, ocppUrl: () => string) {
    this.#folder = join(data, 'virtual');
    this.#log = log;
    this.#ocppUrl = ocppUrl;
    if (!existsSync(this.#path)) return;
    const kept: readonly Kept[] = JSON.parse(readFileSync(this.#path, 'utf8'));
    for (const one of kept) this.#stations.set(one.stationId, one);
  }

  get #path(): string {
    return join(this.#folder, 'stations.json');
  }

  /** Those of the last life, once somebody listens. */
  async resume(): Promise<void> {
    for (const one of this.#stations.values()) await this.#create(one);
  }

  list(): readonly VirtualStationView[] {
    return [...this.#stations.values()].map(({ stationId, kind, drivers }) => ({ stationId, kind, drivers }));
  }

  async start(station: Kept): Promise<void> {
    await this.#create(station);
    this.#stations.set(station.stationId, station);
    this.#keep();
  }

  facts(stationId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#ask('GET', `/v1/stations/${encodeURIComponent(stationId)}`);
  }

  act(stationId: string, verb: string, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return this.#ask('POST', `/v1/stations/${encodeURIComponent(stationId)}/${verb}`, body);
  }

  async remove(stationId: string): Promise<void> {
    await this.#ask('DELETE', `/v1/stations/${encodeURIComponent(stationId)}`);
    this.#stations.delete(stationId);
    this.#keep();
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await (await this.#lab)?.stop();
  }

  #keep(): void {
    writeSecret(this.#path, JSON.stringify([...this.#stations.values()]));
  }

  async #create({ stationId, kind, password, tokens }: Kept): Promise<void> {
    await this.#ask('POST', '/v1/stations', {
      id: stationId,
      url: this.#ocppUrl(),
      password,
      topology: demoTopologies[kind],
      variables: VARIABLES[kind],
      version: kind === 'dc150' ? 'ocpp2.1' : 'ocpp2.0.1',
      ...(tokens.length === 0 ? {} : { people: tokens }),
    });
  }

  /** Started with the first station: who has none pays for none. */
  async #started(): Promise<SpawnedLab> {
    if (this.#lab === undefined) {
      mkdirSync(this.#folder, { recursive: true });
      this.#lab = spawnVirtualStations(this.#folder);
      const { process } = await this.#lab;
      process.once('exit', (code) => {
        this.#lab = undefined;
        if (!this.#stopping) this.#log.error('the virtual stations ended by themselves', { code });
      });
    }
    return this.#lab;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const { controlPort, token } = await this.#started();
    const answer = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said: unknown = await answer.json();
    if (!isRecord(said)) throw new BusbarError('internal', `the virtual stations answered ${answer.status}`);
    if (answer.ok) return isRecord(said['facts']) ? said['facts'] : said;
    const { code, reason } = said;
    throw new BusbarError(
      typeof code === 'string' && isErrorCode(code) ? code : 'conflict',
      typeof reason === 'string' ? reason : undefined,
    );
  }
}
