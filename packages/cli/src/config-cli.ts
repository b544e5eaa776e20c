import { readFileSync } from 'node:fs';
import { ERRORS, messageOf } from '@busbar/runtime';
import type { Command } from 'commander';
import { addServeOptions, CONFIG_KEYS, type ConfigKey, environmentOf, flagOf, SECRETS, type ServeConfig } from './config.ts';
import { type ConfigFault, type Examined, examineConfig, faultLine, type Origin, originText } from './config-examine.ts';
import { nearestName } from './nearest-name.ts';
import { printable, table } from './table.ts';

export interface ConfigCommandDeps {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
}

/** `busbar config check` and `show`: the configuration that `serve` would start with, without starting anything. */
export function addConfigCommands(program: Command, deps: ConfigCommandDeps): void {
  const group = program
    .command('config')
    .description('looks at the configuration of the CSMS without starting it')
    .addHelpText('after', '\nExample:\n  busbar config check --config busbar.yaml');
  const add = (name: string, what: string) =>
    addServeOptions(group.command(name).description(what))
      .option('--json', 'one line of JSON')
      .addHelpText('after', `\nExample:\n  busbar config ${name} --config busbar.yaml --json`);
  add('check', 'says every mistake with its place; exit code 2 when there is one').action((flags: Flags) => {
    const found = checked(flags, deps.environment);
    deps.write(flags['json'] === true ? checkJson(found) : checkText(found));
    if (found.faults.length > 0) process.exitCode = INVALID;
  });
  add('show', 'says which value comes from where; secrets are masked')
    .option('--all', 'the defaults too')
    .action((flags: Flags) => {
      const found = checked(flags, deps.environment);
      if (found.config === undefined) {
        deps.write(flags['json'] === true ? checkJson(found) : checkText(found));
        process.exitCode = INVALID;
        return;
      }
      const values = shownValues(found.config, found, flags['all'] === true);
      deps.write(
        flags['json'] === true ? `${JSON.stringify({ ok: true, file: found.file ?? null, values })}\n` : showText(values, found.file),
      );
    });
}

type Flags = Readonly<Record<string, unknown>>;
/** Of `invalid-configuration` in the catalogue. */
const INVALID = ERRORS['invalid-configuration'].exit;

/** What `serve` refuses, and besides what it would read past or meet only later: names in the environment, files of certificates. */
function checked(flags: Flags, environment: ConfigCommandDeps['environment']): Examined {
  const found = examineConfig(flags, environment);
  const faults = [...found.faults, ...strangers(environment), ...unreadable(found)];
  return { ...found, faults, config: faults.length === 0 ? found.config : undefined };
}

/** Names of ours that are no option of the CSMS: other commands, tests and the start script read them. */
const OTHERS = /^BUSBAR_(CONFIG|URL|KEY|NONCE|PASSWORD(_FILE)?|CONTROL_TOKEN|DRIVER_TOKEN|INSTALL_MS|SEEDS?|REQUIRE|E2E|TEST_\w+)$/;

function strangers(environment: ConfigCommandDeps['environment']): readonly ConfigFault[] {
  const known = CONFIG_KEYS.flatMap((key) => [environmentOf(key), ...(SECRETS.includes(key) ? [`${environmentOf(key)}_FILE`] : [])]);
  return Object.keys(environment)
    .filter((name) => name.startsWith('BUSBAR_') && !known.includes(name) && !OTHERS.test(name))
    .sort()
    .map((name) => {
      const close = nearestName(
        name.slice('BUSBAR_'.length),
        known.map((one) => one.slice('BUSBAR_'.length)),
      );
      const then = close === undefined ? 'serve reads past it.' : `Did you mean BUSBAR_${close}?`;
      return { origin: { kind: 'environment', name }, message: `this name is no option. ${then}` };
    });
}

function unreadable({ config, origins }: Examined): readonly ConfigFault[] {
  return (['tlsCert', 'tlsKey'] as const).flatMap((key) =>
    (config?.[key] ?? []).flatMap((path) => {
      try {
        readFileSync(path);
        return [];
      } catch (error) {
        const origin = origins.get(key);
        return [{ key, ...(origin === undefined ? {} : { origin }), message: `${flagOf(key)} cannot be read: ${messageOf(error)}` }];
      }
    }),
  );
}

function checkText({ faults, file, origins }: Examined): string {
  if (faults.length > 0)
    return `${faults.map((fault) => `${printable(faultLine(fault))}\n`).join('')}${faults.length === 1 ? 'One mistake' : `${faults.length} mistakes`}; nothing was started.\n`;
  const count = (kind: Origin['kind']): number => [...origins.values()].filter((origin) => origin.kind === kind).length;
  const parts = [
    ...(file === undefined ? [] : [`${count('file')} from ${file}`]),
    `${count('environment')} from the environment`,
    `${count('flag')} from flags`,
    `${CONFIG_KEYS.length - origins.size} left to their default`,
  ];
  return `The configuration is valid: ${parts.join(', ')}.\n`;
}

const checkJson = ({ faults, file }: Examined): string =>
  `${JSON.stringify({
    ok: faults.length === 0,
    file: file ?? null,
    faults: faults.map(({ key, origin, message }) => ({
      ...(key === undefined ? {} : { name: key }),
      ...(origin === undefined ? {} : { from: origin.kind, at: origin.name, ...(origin.line === undefined ? {} : { line: origin.line }) }),
      message,
    })),
  })}\n`;

interface Shown {
  readonly name: ConfigKey;
  readonly value: unknown;
  readonly from: string;
}

function shownValues(config: ServeConfig, { origins }: Examined, all: boolean): readonly Shown[] {
  return CONFIG_KEYS.flatMap((name) => {
    const origin = origins.get(name);
    const value = config[name];
    if (origin === undefined && (!all || value === undefined)) return [];
    return [{ name, value: masked(name, value), from: origin === undefined ? 'default' : originText(origin) }];
  });
}

const MASK = '***';

/** Of the database's address only the password is secret. */
function masked(name: ConfigKey, value: unknown): unknown {
  if (!SECRETS.includes(name) || value === undefined) return value;
  if (name !== 'database' || typeof value !== 'string' || !URL.canParse(value)) return MASK;
  const url = new URL(value);
  if (url.password !== '') url.password = MASK;
  if (url.searchParams.has('password')) url.searchParams.set('password', MASK);
  return url.href;
}

function showText(values: readonly Shown[], file: string | undefined): string {
  if (values.length === 0) return `Every value is the default${file === undefined ? '; there is no busbar.yaml' : ''}.\n`;
  return table(
    ['name', 'value', 'from'],
    values.map(({ name, value, from }) => [name, typeof value === 'string' ? value : JSON.stringify(value), from]),
  );
}
