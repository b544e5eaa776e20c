import type { Command } from 'commander';
import type { Role } from '../case.ts';
import { CATALOGUE } from '../catalogue.ts';
import { busbarCsmsDriver } from '../drivers/busbar-csms.ts';
import { busbarStationDriver } from '../drivers/busbar-station.ts';
import type { Driver } from '../drivers/driver.ts';
import { httpDriver } from '../drivers/http.ts';
import { manualDriver } from '../drivers/manual.ts';
import { type CheckOptions, check, type Reached, type Screen } from './check-command.ts';
import { featuresFrom, fileText, profilesFrom, settingsFrom, UsageError } from './check-options.ts';
import { addFeatures } from './features-command.ts';
import { ownServers, type RunningServers, type ServerPlace } from './own-servers.ts';

/** What the command line cannot do by itself. */
export interface CheckEdges {
  /** What a person types before `csms` or `station`. */
  readonly name: string;
  readonly screen: Screen & { readonly in: NodeJS.ReadableStream };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts our own product; absent where the kit is installed alone. */
  readonly own?: (role: Role) => Promise<Reached>;
  readonly exit: (code: number) => void;
}

type Flags = Readonly<Record<string, unknown>>;
const text = (flags: Flags, name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);

/** `check csms`, `check station` and `check features`, the same in `busbar` and in the kit's own binary. */
export function addCheck(parent: Command, edges: CheckEdges): void {
  for (const role of ['csms', 'station'] as const) {
    const command = parent
      .command(role)
      .description(role === 'csms' ? 'tests a CSMS; the kit plays the stations' : 'tests a station; the kit plays the CSMS')
      .option('--profile <names>', 'certification profiles, by comma', 'core,advanced-security')
      .option('--case <id...>', 'only these cases')
      .option('--features <file>', 'what the system declares (check features writes one); everything without it')
      .option('--settings <file>', 'times, ids, tokens and passwords of the system under test (docs/conformance.md)')
      .option('--driver <name>', 'how the kit reaches what a person would do: busbar, http, manual', 'manual')
      .option('--driver-url <url>', 'for busbar and http')
      .option('--jobs <n>', 'cases at the same time')
      .option('--report <folder>', 'writes reports there: ROLE.html, ROLE.xml (JUnit), ROLE.json (every frame)')
      .option('--json', 'the summary as one line of JSON');
    if (edges.own) command.option('--self', 'our own product, started for it');
    if (role === 'csms')
      command
        .option('--url <url>', 'ws:// address of the CSMS without the id')
        .option('--tls-url <url>', 'wss:// address')
        .option('--root <file...>', 'PEM roots of its certificate');
    else command.option('--host <address>', 'where the station reaches the kit', '127.0.0.1').option('--port <n>', 'port for ws', '0');
    command
      .addHelpText(
        'after',
        `\nThe token of the driver is read from BUSBAR_DRIVER_TOKEN.\n\nExample:\n  ${edges.name} ${role} ${edges.own ? '--self --profile core' : role === 'csms' ? '--url ws://csms.example/ocpp --driver manual' : '--host 192.168.1.2 --port 9100 --driver manual'}`,
      )
      .action((flags: Flags) => run(role, flags, edges));
  }
  addFeatures(parent, edges.screen, edges.name);
  if (edges.own) addAudit(parent, edges, edges.own);
}

/** `check audit`: our own products are recorded, so it is there only where they are. */
function addAudit(parent: Command, { screen, exit }: CheckEdges, own: (role: Role) => Promise<Reached>): void {
  parent
    .command('audit')
    .description('proves that every case can fail: breaks recorded traces one thing at a time')
    .option('--role <role>', 'csms or station; both without it')
    .option('--json', 'the summary as one line of JSON')
    .action(async (flags: Flags) => {
      const wanted = text(flags, 'role');
      const roles = (['csms', 'station'] as const).filter((role) => wanted === undefined || wanted === role);
      if (roles.length === 0) throw new UsageError(`--role is csms or station, not "${wanted ?? ''}".`);
      const { audit } = await import('./audit-command.ts');
      exit((await audit(roles, own, flags['json'] === true, screen)).exitCode);
    });
}

async function run(role: Role, flags: Flags, edges: CheckEdges): Promise<void> {
  const ids = idsFrom(flags['case'], role);
  const report = text(flags, 'report');
  const declared = featuresFrom(text(flags, 'features'), role);
  const options: CheckOptions = {
    role,
    profiles: profilesFrom(text(flags, 'profile') ?? 'core'),
    ...(declared === undefined ? {} : { declared }),
    ...(ids === undefined ? {} : { ids }),
    ...(flags['jobs'] === undefined ? {} : { jobs: numberFrom(flags['jobs'], '--jobs') }),
    ...(report === undefined ? {} : { report }),
    json: flags['json'] === true,
    again: (id) => againCommand(role, id, flags, edges),
  };
  const reached = flags['self'] === true && edges.own ? await ours(role, flags, edges.own) : await theirs(role, flags, edges);
  try {
    edges.exit((await check(reached, options, edges.screen)).exitCode);
  } finally {
    await reached.close();
  }
}

/** Our own product; a file of settings counts for it too. */
async function ours(role: Role, flags: Flags, own: (role: Role) => Promise<Reached>): Promise<Reached> {
  const settings = settingsFrom(text(flags, 'settings'));
  const reached = await own(role);
  return { ...reached, settings: { ...reached.settings, ...settings } };
}

/** Ids of the catalogue; one that is mistyped must not end as a run of nothing that looks green. */
function idsFrom(value: unknown, role: Role): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.map(String);
  const strange = ids.find((id) => !CATALOGUE.some((entry) => entry.id === id && entry.role === role));
  if (strange !== undefined) throw new UsageError(`"${strange}" is no case for a ${role}.`);
  return ids;
}

/** The flags that were given, with one case alone. */
function againCommand(role: Role, id: string, flags: Flags, { name }: CheckEdges): string {
  const kept = ['self', 'url', 'tlsUrl', 'root', 'host', 'port', 'driver', 'driverUrl', 'features', 'settings'] as const;
  const unless: Readonly<Record<string, unknown>> = { host: '127.0.0.1', port: '0', driver: 'manual' };
  const words = kept.flatMap((flag) => {
    const value = flags[flag];
    if (value === undefined || value === unless[flag]) return [];
    const long = `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [long] : [long, ...(Array.isArray(value) ? value : [value]).map(String)];
  });
  return [name, role, ...words, '--case', id].join(' ');
}

/** Somebody's system: addresses from the flags, the driver as asked. */
async function theirs(role: Role, flags: Flags, edges: CheckEdges): Promise<Reached> {
  const settings = settingsFrom(text(flags, 'settings'));
  if (role === 'csms') {
    const [ws, wss] = [text(flags, 'url'), text(flags, 'tlsUrl')];
    if (ws === undefined && wss === undefined) throw new UsageError('name the CSMS: --url ws://HOST:PORT/PATH, --tls-url wss://…');
    const roots = flags['root'];
    const address = {
      ...(Array.isArray(roots) ? { roots: roots.map((file) => fileText(String(file))) } : {}),
      ...(ws === undefined ? {} : { ws: ws.replace(/\/$/, '') }),
      ...(wss === undefined ? {} : { wss: wss.replace(/\/$/, '') }),
    };
    // The last thing that may fail: a manual driver holds the terminal.
    const driver = driverFrom(role, flags, edges);
    return { driver, settings, address, jobs: driver.name === 'manual' ? 1 : 4, close: () => driver.close() };
  }
  const place = { host: text(flags, 'host') ?? '127.0.0.1', port: numberFrom(flags['port'], '--port') };
  const driver = driverFrom(role, flags, edges);
  const servers = await ownServersOrLeave(driver, place);
  return {
    driver,
    settings,
    servers,
    jobs: driver.name === 'manual' || settings.station !== undefined ? 1 : 4,
    close: async () => {
      await driver.close();
      await servers.close();
    },
  };
}

async function ownServersOrLeave(driver: Driver, place: ServerPlace): Promise<RunningServers> {
  try {
    return await ownServers(place);
  } catch (error) {
    await driver.close();
    throw error;
  }
}

function driverFrom(role: Role, flags: Flags, { screen, environment }: CheckEdges): Driver {
  const [name, url, token] = [text(flags, 'driver'), text(flags, 'driverUrl'), environment['BUSBAR_DRIVER_TOKEN']];
  if (name === 'manual') return manualDriver(screen.in, screen.err);
  if (name !== 'http' && name !== 'busbar') throw new UsageError(`--driver knows busbar, http and manual, not "${name ?? ''}".`);
  if (url === undefined) throw new UsageError(`the driver ${name} needs --driver-url.`);
  if (name === 'http') return httpDriver(url, token);
  if (token === undefined) throw new UsageError('the driver busbar needs its key in BUSBAR_DRIVER_TOKEN.');
  return role === 'csms' ? busbarCsmsDriver(url, token) : busbarStationDriver(url, token);
}

function numberFrom(value: unknown, flag: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new UsageError(`${flag} is a whole number, not "${String(value)}".`);
  return number;
}
