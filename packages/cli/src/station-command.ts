import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isOcppVersion, OCPP_VERSIONS } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { BusbarError, makeIds, messageOf, Scope } from '@busbar/runtime';
import { FileWorld, jsonLog, SqliteJournal, systemClock, systemRandom } from '@busbar/runtime/node';
import { createStation } from '@busbar/station';
import { demoTopologies, parseTopology, type StationLayout, simulatedHardware } from '@busbar/station/hardware';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { readPassword } from './doctor/password.ts';
import { doctorCommand } from './doctor.ts';
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

/** Adds `station` and `station doctor` to the command line. */
export function addStationCommands(program: Command): void {
  // What stands behind `doctor` is the doctor's, also where the station has an option of the same name.
  program.enablePositionalOptions();
  const station = program
    .command('station')
    .description('one simulated station with an interactive terminal')
    .enablePositionalOptions()
    .option('--id <id>', 'the id of the station')
    .option('--url <url>', 'the URL of the CSMS, without the id')
    .option('--password <password>', 'Basic password; better by BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE')
    .option('--password-file <file>', 'a file that holds nothing but the password')
    .option('--topology <file>', 'YAML that describes the station, or a name of the demo', 'acThreePhase')
    .option('--version <version>', 'ocpp2.0.1 or ocpp2.1; both when left out')
    .option('--data <folder>', 'where the station remembers', './stations')
    .option('--deflate <on|off>', 'compression', 'on')
    .action(async (flags: Record<string, unknown>) => {
      const { id, url, ...rest } = texts(flags);
      if (id === undefined || url === undefined) throw new BusbarError('bad-usage', 'a station needs --id and --url');
      await stationCommand(
        { ...rest, id, url, data: rest['data'] ?? './stations', deflate: rest['deflate'] === 'off' ? 'off' : 'on' },
        { environment: process.env, input: process.stdin, output: process.stdout },
      );
    });
  station
    .command('doctor <url>')
    .description('why can a station not reach its CSMS?')
    .requiredOption('--id <id>', 'the id of the station')
    .option('--password <password>', 'Basic password; better by BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE')
    .option('--password-file <file>', 'a file that holds nothing but the password')
    .option('--version <version>', 'offer only this version')
    .option('--tls-ca <file...>', 'PEM roots to trust')
    .option('--tls-cert <file>', 'client certificate (security profile 3)')
    .option('--tls-key <file>', 'its key')
    .option('--deflate <on|off>', 'compression', 'on')
    .option('--no-boot', 'stop before the BootNotification')
    .option('--json', 'the report as JSON')
    .action(async (url: string, flags: Record<string, unknown>) => {
      const { id = '', ...rest } = texts(flags);
      const roots = flags['tlsCa'];
      process.exitCode = await doctorCommand(
        url,
        {
          ...rest,
          id,
          deflate: rest['deflate'] === 'off' ? 'off' : 'on',
          boot: flags['boot'] !== false,
          json: flags['json'] === true,
          ...(Array.isArray(roots) ? { tlsCa: roots.map(String) } : {}),
        },
        { environment: process.env, colour: process.stdout.isTTY && !process.env['NO_COLOR'], write: (text) => process.stdout.write(text) },
      );
    });
}

/** The options that are texts; commander's own types know no more. */
const texts = (flags: Readonly<Record<string, unknown>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(flags).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
