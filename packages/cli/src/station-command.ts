import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isOcppVersion, OCPP_VERSIONS } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { BusbarError, makeIds, messageOf, Scope } from '@busbar/runtime';
import { FileWorld, jsonLog, SqliteJournal, systemClock, systemRandom } from '@busbar/runtime/node';
import { createStation } from '@busbar/station';
import { demoTopologies, parseTopology, type StationLayout, simulatedHardware } from '@busbar/station/hardware';
import { parse as parseYaml } from 'yaml';
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
  readonly version?: string;
  readonly data: string;
  readonly deflate: 'on' | 'off';
}

export interface StationSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  readonly output: TerminalOutput & NodeJS.WritableStream;
}

/** `busbar station`: one simulated station and a person who plays the driver. Resolves when the person leaves. */
export async function stationCommand(options: StationOptions, { environment, input, output }: StationSurroundings): Promise<void> {
  const layout = readLayout(options.topology);
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
  const lines = new TraceLines({ colour: output.isTTY === true && !environment['NO_COLOR'] });
  const station = createStation({
    config: {
      identity: options.id,
      csmsUrl: options.url,
      versions: versionsOf(options.version),
      deflate: options.deflate === 'on',
      ...(password ? { password: password.value } : {}),
    },
    hardware,
    clock,
    random: systemRandom,
    ids: makeIds(systemRandom, clock),
    log,
    network: nodeNetwork(),
    journal: () => journal.of(options.id),
    onTrace: (event) => {
      hands.seen(event);
      for (const line of lines.lines(event)) terminal.print(line);
    },
  });
  const hands = simulatedHands({ station, hardware, clock });
  const scope = new Scope(clock, log, 'terminal');
  const terminal = new StationTerminal({ hands, scope, input, output });
  terminal.print(heading(options.id, layout, hardware.readMeter(0).importMWh));
  station.start();
  try {
    await terminal.left;
  } finally {
    scope.close();
    await station.stop();
    hardware.powerOff();
    journal.close();
  }
}

const versionsOf = (version: string | undefined) => {
  if (version === undefined) return ['ocpp2.1', 'ocpp2.0.1'] as const;
  if (isOcppVersion(version)) return [version];
  throw new BusbarError('bad-usage', `--version ${version}: one of ${OCPP_VERSIONS.join(', ')}`);
};

/** A file, or the name of one of the demo's stations. */
function readLayout(topology: string | undefined): StationLayout {
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
  return parseTopology(parseYaml(text)).layout;
}

/** 12b: what this station is, and how to begin. */
export function heading(id: string, { evses }: StationLayout, importMWh: number): string {
  const kinds = [...new Set(evses.map(({ kind }) => kind))].join(' and ');
  const powers = [...new Set(evses.map(({ maxPowerW }) => `${maxPowerW / 1000} kW`))];
  const each = powers.length === 1 && evses.length > 1 ? `${powers[0]} each` : powers.join(' and ');
  const meter = (importMWh / 1e6).toLocaleString('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  return `${id}  ${kinds}, ${evses.length} EVSE, ${each}, meter at ${meter} kWh. help lists ${COMMANDS.length} commands, Tab completes.`;
}
