import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OcppVersion } from '@busbar/protocol';
import { BusbarError } from '@busbar/runtime';
import { jsonLog, systemClock } from '@busbar/runtime/node';
import { Recorder } from '@busbar/sim';
import type { TraceEvent } from '@busbar/station';
import { demoTopologies, worldMWh } from '@busbar/station/hardware';
import { type SpawnedCsms, spawnServe } from './spawn.ts';
import { StationHost } from './station-host.ts';

export interface DemoOptions {
  readonly version: OcppVersion;
  readonly deflate: boolean;
  readonly json: boolean;
  readonly chargeS: number;
  readonly securityProfile?: 1 | 2 | 3;
  /** A file the session is recorded into (docs/recordings.md). */
  readonly record?: string;
}

interface Summary {
  readonly version: OcppVersion;
  readonly deflate: boolean;
  readonly securityProfile: number;
  readonly transactionId: string;
  readonly csmsWh: number | null;
  readonly journalWh: number | null;
  readonly worldWh: number;
  readonly events: number;
  readonly missingSeqNos: readonly number[] | null;
  readonly bill: string;
  readonly completeness: string;
  readonly ok: boolean;
}

const TOKEN = 'DEMOONCE01';

/**
 * `busbar demo --once`: a CSMS and a station in two processes, one whole session over TCP. The energy is read from three
 * places that do not know each other: the CSMS's answer, the station's own journal, and the World's meter file.
 */
export async function demoOnceCommand(options: DemoOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-demo-'));
  const secure = (options.securityProfile ?? 1) > 1;
  const csms = await spawnServe(join(folder, 'csms'), secure ? ['--ocpp-tls-port', '0'] : []);
  const host = new StationHost(join(folder, 'station'), jsonLog('error'));
  try {
    const summary = await session(options, csms, host, folder);
    process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : text(summary));
    if (summary.ok) return 0;
    throw new BusbarError('energy-differs', `CSMS ${summary.csmsWh} Wh, station ${summary.journalWh} Wh, meter ${summary.worldWh} Wh.`);
  } finally {
    await host.close();
    await csms.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface TransactionView {
  readonly transactionId: string;
  readonly energyWh: number | null;
  readonly events: number;
  readonly missingSeqNos: readonly number[] | null;
  readonly bill: string;
  readonly completeness: string;
  readonly state: string;
}

/** What the station must trust: the root that the CSMS made for itself. */
async function csmsRoots(csms: SpawnedCsms): Promise<{ kind: 'CSMSRoot'; pem: string }[]> {
  const listed = await csms.api('GET', '/trust/csms');
  const certificates = typeof listed === 'object' && listed !== null && 'certificates' in listed ? listed.certificates : [];
  return Array.isArray(certificates) ? certificates.map((root: { pem: string }) => ({ kind: 'CSMSRoot', pem: root.pem })) : [];
}

async function session(
  { version, deflate, chargeS, record, securityProfile = 1 }: DemoOptions,
  csms: SpawnedCsms,
  host: StationHost,
  folder: string,
): Promise<Summary> {
  const id = 'DEMO-ONCE';
  const created = await csms.api('POST', '/stations', { id });
  const password = typeof created === 'object' && created !== null && 'password' in created ? String(created.password) : '';
  await csms.api('PUT', `/tokens/ISO14443/${TOKEN}`, { status: 'Accepted' });
  const { station, hardware } = host.add({
    id,
    url: securityProfile > 1 ? `wss://127.0.0.1:${csms.ocppTlsPort}/ocpp` : `ws://127.0.0.1:${csms.ocppPort}/ocpp`,
    password,
    versions: [version],
    deflate,
    topology: demoTopologies.dc150,
    variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1' },
    ...(securityProfile > 1 ? { delivery: { roots: await csmsRoots(csms) } } : {}),
    ...(record === undefined ? {} : { onTrace: recordInto(record, id, version) }),
  });
  const before = worldMWh(read(host.worldPath(id)));
  station.start();
  await until('the station is accepted', () => station.facts().registration === 'accepted');
  if (securityProfile === 3) {
    await csms.api('POST', `/stations/${id}/upgrade-profile`, { securityProfile: 3 });
    await until(
      'security profile 3 is reached',
      () => station.facts().securityProfile === 3 && station.facts().registration === 'accepted',
    );
  }
  hardware.plug(1, 1, { readyAfterS: 0 });
  await until('the cable is seen', () => station.facts().evses[0]?.pluggedConnector === 1);
  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: TOKEN });
  await until('energy flows', () => station.facts().evses[0]?.flow === 'flowing');
  const transactionId = station.facts().evses[0]?.transaction?.id ?? '';
  const startMWh = station.facts().evses[0]?.transaction?.startMWh ?? null;
  await pause(chargeS * 1000);
  hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: TOKEN });
  await until('the contactor is open', () => station.facts().evses[0]?.contactor === 'open');
  const journalMWh = hardware.readMeter(1).importMWh;
  await until('the cable can be pulled', () => hardware.unplug(1, 1));
  await until('every event is delivered', () => station.facts().queuedEvents === 0 && station.facts().evses[0]?.transaction === undefined);
  const stored = await ended(csms, id, transactionId);
  const worldWh = (worldMWh(readFileSync(join(folder, 'station', `${id}.world.json`), 'utf8')) - before) / 1000;
  const journalWh = startMWh === null ? null : (journalMWh - startMWh) / 1000;
  return {
    version,
    deflate,
    securityProfile: station.facts().securityProfile ?? 0,
    transactionId,
    csmsWh: stored.energyWh,
    journalWh,
    worldWh,
    events: stored.events,
    missingSeqNos: stored.missingSeqNos,
    bill: stored.bill,
    completeness: stored.completeness,
    ok:
      stored.energyWh === worldWh && journalWh === worldWh && worldWh > 0 && stored.bill === 'final' && stored.completeness === 'complete',
  };
}

/** Writes each frame as it goes by; the file is whole at any moment. */
function recordInto(file: string, stationId: string, ocppVersion: OcppVersion): (event: TraceEvent) => void {
  writeFileSync(file, '');
  const recorder = new Recorder({ ocppVersion, stationId, recordedAt: systemClock.now() }, (line) => appendFileSync(file, line));
  return (event) => {
    if (event.kind === 'frame') recorder.frame(event.at, event.direction === 'out' ? 'station→csms' : 'csms→station', event.text);
  };
}

async function ended(csms: SpawnedCsms, id: string, transactionId: string): Promise<TransactionView> {
  for (let tries = 0; ; tries += 1) {
    const view = await csms.api('GET', `/transactions/${id}/${transactionId}`);
    if (isTransaction(view) && (view.state === 'ended' || tries > 100)) return view;
    await pause(100);
  }
}

const isTransaction = (view: unknown): view is TransactionView =>
  typeof view === 'object' && view !== null && 'energyWh' in view && 'state' in view;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // no World yet: its meters stand at zero
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for a fact, looking ten times a second. */
export async function until(what: string, fact: () => boolean, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!fact()) {
    if (performance.now() > end) throw new BusbarError('internal', `${what}: not within ${withinMs / 1000} s`);
    await pause(100);
  }
}

const text = ({ csmsWh, journalWh, worldWh, events, bill, completeness, version, deflate }: Summary): string =>
  [
    `One session over TCP, ${version}, compression ${deflate ? 'on' : 'off'}`,
    `  CSMS      ${csmsWh} Wh, ${events} events, bill ${bill} and ${completeness}`,
    `  Station   ${journalWh} Wh`,
    `  Meter     ${worldWh} Wh, read from the World's file`,
    '',
  ].join('\n');
