import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isOcppVersion, OCPP_VERSIONS } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { BusbarError, type Log, makeIds, messageOf, Scope, Secret, splitPem } from '@busbar/runtime';
import { FileWorld, httpFiles, jsonLog, loadCrypto, SqliteJournal, systemClock, systemRandom } from '@busbar/runtime/node';
import { createStation, type Station, type StationConfig } from '@busbar/station';
import type { startControl, TraceRing } from '@busbar/station/control';
import { demoTopologies, parseTopology, type SimulatedHardware, type StationLayout, simulatedHardware } from '@busbar/station/hardware';
import { readPassword } from './doctor/password.ts';
import { COMMANDS } from './terminal/commands.ts';
import type { TerminalOutput } from './terminal/screen.ts';
import { simulatedHands } from './terminal/simulated-hands.ts';
import { StationTerminal } from './terminal/station-terminal.ts';
import { TraceLines } from './terminal/trace-lines.ts';

export interface StationOptions {
  readonly id: string;
  readonly url: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly topology?: string;
  /** PEM files: the CSMS root to trust, the client certificate with its chain, its key. */
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly securityProfile?: string;
  readonly organization?: string;
  readonly version?: string;
  readonly data: string;
  readonly deflate: 'on' | 'off';
  /** The control API (docs/station-api.md): off unless a port is given; 0 takes a free one. */
  readonly controlPort?: string;
  readonly controlToken?: string;
  /** A file of commands that are done one after the other. */
  readonly scenario?: string;
}

export interface StationSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  readonly output: TerminalOutput & NodeJS.WritableStream;
}

/** `busbar station`: one simulated station and a person who plays the driver. Resolves when the person leaves. */
export async function stationCommand(options: StationOptions, { environment, input, output }: StationSurroundings): Promise<void> {
  const layout = await readLayout(options.topology);
  const password = readPassword(options, environment);
  const clock = systemClock;
  const log = jsonLog('error');
  const journal = new SqliteJournal(join(options.data, `${options.id}.sqlite`), clock);
  const hardware = simulatedHardware({
    layout,
    clock,
    random: systemRandom,
    world: new FileWorld(join(options.data, `${options.id}.world.json`)),
  });
  // The control API brings a web server with it: only who asks for it pays the memory.
  const control = options.controlPort === undefined ? undefined : await import('@busbar/station/control');
  const trace = control === undefined ? undefined : new control.TraceRing();
  const accepted = Promise.withResolvers<void>();
  const lines = new TraceLines({ colour: output.isTTY === true && !environment['NO_COLOR'] });
  const station = createStation({
    config: {
      identity: options.id,
      csmsUrl: options.url,
      versions: versionsOf(options.version),
      deflate: options.deflate === 'on',
      ...(password ? { password: password.value } : {}),
      ...deliveryOf(options),
    },
    hardware,
    clock,
    random: systemRandom,
    ids: makeIds(systemRandom, clock),
    log,
    network: nodeNetwork(),
    files: httpFiles(),
    crypto: loadCrypto,
    journal: () => journal.of(options.id),
    onTrace: (event) => {
      trace?.push(event);
      if (event.kind === 'registration' && event.state === 'accepted') accepted.resolve();
      hands.seen(event);
      for (const line of lines.lines(event)) terminal.print(line);
    },
  });
  const hands = simulatedHands({ station, hardware, clock });
  const scope = new Scope(clock, log, 'terminal');
  const terminal = new StationTerminal({ hands, scope, input, output });
  let opened: OpenControl | undefined;
  try {
    const scenario = options.scenario === undefined ? undefined : await import('./terminal/scenario.ts');
    const steps = scenario?.parseScenario(readScenario(options.scenario ?? ''), hands.status()) ?? [];
    if (control !== undefined && trace !== undefined)
      opened = await openControl(control.startControl, options, environment, { station, hardware, trace, log });
    terminal.print(heading(options.id, layout, hardware.readMeter(0).importMWh));
    if (opened) terminal.print(`control API on http://127.0.0.1:${opened.port}/v1/stations/${encodeURIComponent(options.id)}`);
    station.start();
    const print = (text: string): void => terminal.print(text);
    const end =
      scenario === undefined || steps.length === 0
        ? 'over'
        : await scenario.runScenario(steps, { hands, scope, print, accepted: accepted.promise });
    // Without a person at the terminal its input has ended already, and so has this.
    if (end === 'over') await terminal.left;
  } finally {
    scope.close();
    await opened?.close();
    await station.stop();
    hardware.powerOff();
    journal.close();
  }
}

type StartControl = typeof startControl;
type OpenControl = Awaited<ReturnType<StartControl>>;

interface Controlled {
  readonly station: Station;
  readonly hardware: SimulatedHardware;
  readonly trace: TraceRing;
  readonly log: Log;
}

/** The control API is off unless a port is given, and never open without a token. */
async function openControl(
  start: StartControl,
  { id, controlPort, controlToken }: StationOptions,
  environment: StationSurroundings['environment'],
  { station, hardware, trace, log }: Controlled,
): Promise<OpenControl> {
  const port = Number(controlPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new BusbarError('bad-usage', `--control-port ${controlPort} is no port`);
  const token = controlToken ?? environment['BUSBAR_CONTROL_TOKEN'];
  if (token === undefined || token === '')
    throw new BusbarError('bad-usage', 'the control API needs a token: --control-token, better BUSBAR_CONTROL_TOKEN');
  const stations = { get: (one: string) => (one === id ? { station, hardware, trace } : undefined), ids: () => [id] };
  try {
    return await start({ stations, token: new Secret(token), log, port });
  } catch (error) {
    throw new BusbarError('port-taken', `the control API cannot listen on port ${port} (${messageOf(error)})`, { cause: error });
  }
}

function readScenario(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BusbarError('bad-usage', `the scenario ${file} cannot be read (${messageOf(error)})`, { cause: error });
  }
}

const versionsOf = (version: string | undefined) => {
  if (version === undefined) return ['ocpp2.1', 'ocpp2.0.1'] as const;
  if (isOcppVersion(version)) return [version];
  throw new BusbarError('bad-usage', `--version ${version}: one of ${OCPP_VERSIONS.join(', ')}`);
};

/** What makes a link secure: roots, certificate, profile. */
function deliveryOf({ tlsCa, tlsCert, tlsKey, securityProfile, organization }: StationOptions): Partial<StationConfig> {
  const profile = securityProfile === undefined ? undefined : Number(securityProfile);
  if (profile !== undefined && ![0, 1, 2, 3].includes(profile))
    throw new BusbarError('bad-usage', `--security-profile ${securityProfile}: 0 to 3`);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new BusbarError('bad-usage', '--tls-cert and --tls-key go together');
  return {
    ...(profile === undefined ? {} : { securityProfile: profile }),
    ...(organization === undefined ? {} : { organization }),
    ...(tlsCa === undefined ? {} : { roots: splitPem(readPem(tlsCa)).map((pem) => ({ kind: 'CSMSRoot', pem })) }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { clientCertificate: { chain: readPem(tlsCert), key: new Secret(readPem(tlsKey)) } }),
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BusbarError('bad-usage', `${file} cannot be read (${messageOf(error)})`, { cause: error });
  }
}

/** A file, or the name of one of the demo's stations. */
async function readLayout(topology: string | undefined): Promise<StationLayout> {
  if (topology === undefined) return parseTopology(demoTopologies.acThreePhase).layout;
  const demo = Object.entries(demoTopologies).find(([name]) => name === topology);
  if (demo) return parseTopology(demo[1]).layout;
  let text: string;
  try {
    text = readFileSync(topology, 'utf8');
  } catch (error) {
    const names = Object.keys(demoTopologies).join(', ');
    throw new BusbarError('bad-usage', `the topology ${topology} cannot be read (${messageOf(error)}); without a file: ${names}`, {
      cause: error,
    });
  }
  const { parse } = await import('yaml');
  return parseTopology(parse(text)).layout;
}

/** 12b: what this station is, and how to begin. */
export function heading(id: string, { evses }: StationLayout, importMWh: number): string {
  const kinds = [...new Set(evses.map(({ kind }) => kind))].join(' and ');
  const powers = [...new Set(evses.map(({ maxPowerW }) => `${maxPowerW / 1000} kW`))];
  const each = powers.length === 1 && evses.length > 1 ? `${powers[0]} each` : powers.join(' and ');
  const meter = (importMWh / 1e6).toLocaleString('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  return `${id}  ${kinds}, ${evses.length} EVSE, ${each}, meter at ${meter} kWh. help lists ${COMMANDS.length} commands, Tab completes.`;
}
