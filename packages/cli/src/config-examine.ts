import { readFileSync } from 'node:fs';
import { BusbarError, messageOf } from '@busbar/runtime';
import { Ajv, type ErrorObject } from 'ajv';
import { CONFIG_KEYS, type ConfigKey, environmentOf, flagOf, kindOf, SECRETS, ServeConfig } from './config.ts';
import { conflictsOf } from './config-conflicts.ts';
import { readConfigFile } from './config-file.ts';
import { nearestName } from './nearest-name.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a value stands, as a person finds it. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'file';
  readonly name: string;
  readonly line?: number;
}

export interface ConfigFault {
  readonly key?: string;
  readonly origin?: Origin;
  readonly message: string;
}

export interface Examined {
  readonly file: string | undefined;
  /** Of what is not left to its default. */
  readonly origins: ReadonlyMap<ConfigKey, Origin>;
  readonly faults: readonly ConfigFault[];
  /** Only without a fault. */
  readonly config: ServeConfig | undefined;
}

/** Checks, and fills in the defaults. The web server brings this validator along anyway. */
const isServeConfig = new Ajv({ useDefaults: true, strict: false, allErrors: true, verbose: true }).compile<ServeConfig>(ServeConfig);

/** Puts flags, environment, file and defaults together and finds every mistake, each with where it stands. */
export function examineConfig(flags: Readonly<Record<string, unknown>>, environment: Environment): Examined {
  const file = readConfigFile(typeof flags['config'] === 'string' ? flags['config'] : environment['BUSBAR_CONFIG']);
  const inFile = (line: number | undefined): Origin => ({
    kind: 'file',
    name: file.name ?? 'busbar.yaml',
    ...(line === undefined ? {} : { line }),
  });
  const faults: ConfigFault[] = file.faults.map(({ line, message }) => ({ origin: inFile(line), message }));
  for (const key of Object.keys(file.values))
    if (!isConfigKey(key)) faults.push({ key, origin: inFile(file.lines.get(key)), message: `${key} is no option. ${nearest(key)}` });
  const merged: Record<string, unknown> = {};
  const origins = new Map<ConfigKey, Origin>();
  for (const key of CONFIG_KEYS) {
    const found = fromFlag(key, flags) ?? fromEnvironment(key, environment) ?? fromFile(key, file.values, inFile(file.lines.get(key)));
    if (found === undefined) continue;
    origins.set(key, found.origin);
    if ('fault' in found) faults.push({ key, origin: found.origin, message: found.fault });
    else merged[key] = convert(key, found.value);
  }
  const filled: unknown = merged;
  if (!isServeConfig(filled)) {
    faults.push(...valueFaults(isServeConfig.errors ?? [], origins));
    return { file: file.name, origins, faults, config: undefined };
  }
  for (const { key, message } of conflictsOf(filled)) {
    const origin = origins.get(key);
    faults.push({ key, ...(origin === undefined ? {} : { origin }), message });
  }
  return { file: file.name, origins, faults, config: faults.length === 0 ? filled : undefined };
}

/** For who starts with it: the first mistake ends the start. */
export function readServeConfig(flags: Readonly<Record<string, unknown>>, environment: Environment): ServeConfig {
  const { config, faults } = examineConfig(flags, environment);
  if (config !== undefined) return config;
  const [first = { message: 'The configuration is not valid.' }] = faults;
  const more = faults.length > 1 ? `\n${faults.length - 1} more: npx busbar config check says all of them.` : '';
  throw new BusbarError('invalid-configuration', `${faultLine(first)}${more}`);
}

export const faultLine = ({ origin, message }: ConfigFault): string =>
  origin === undefined ? message : `${originText(origin)}: ${message}`;

export const originText = ({ kind, name, line }: Origin): string =>
  kind === 'file' ? `${name}${line === undefined ? '' : ` line ${line}`}` : `${kind} ${name}`;

const isConfigKey = (name: string): name is ConfigKey => CONFIG_KEYS.some((key) => key === name);

type Found = { readonly origin: Origin } & ({ readonly value: unknown } | { readonly fault: string });

function fromFlag(key: ConfigKey, flags: Readonly<Record<string, unknown>>): Found | undefined {
  return flags[key] === undefined ? undefined : { origin: { kind: 'flag', name: flagOf(key) }, value: flags[key] };
}

/** The value itself, or for a secret the name of the file it lies in. */
function fromEnvironment(key: ConfigKey, environment: Environment): Found | undefined {
  const name = environmentOf(key);
  const value = environment[name];
  if (value !== undefined) return { origin: { kind: 'environment', name }, value };
  const path = SECRETS.includes(key) ? environment[`${name}_FILE`] : undefined;
  if (path === undefined) return undefined;
  const origin: Origin = { kind: 'environment', name: `${name}_FILE` };
  try {
    return { origin, value: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { origin, fault: `the file ${path} cannot be read: ${messageOf(error)}` };
  }
}

function fromFile(key: ConfigKey, values: Readonly<Record<string, unknown>>, origin: Origin): Found | undefined {
  return values[key] === undefined ? undefined : { origin, value: values[key] };
}

const YES = ['yes', 'true', '1', 'on'];
const NO = ['no', 'false', '0', 'off'];

function convert(key: ConfigKey, value: unknown): unknown {
  const kind = kindOf(key);
  if (kind === 'boolean' && typeof value === 'string') return YES.includes(value) ? true : NO.includes(value) ? false : value;
  if ((kind === 'integer' || kind === 'number') && typeof value === 'string' && value.trim() !== '') {
    return Number.isNaN(Number(value)) ? value : Number(value); // the error shows what was written
  }
  if (kind === 'array' && typeof value === 'string') return value.split(',');
  return value;
}

const nearest = (name: string): string => {
  const close = nearestName(name, CONFIG_KEYS);
  return close === undefined ? 'See npx busbar serve --help.' : `Did you mean ${close}?`;
};

/** One sentence per option, however many ways the validator has to say it. */
function valueFaults(errors: readonly ErrorObject[], origins: ReadonlyMap<ConfigKey, Origin>): readonly ConfigFault[] {
  const faults = new Map<ConfigKey, ConfigFault>();
  for (const { instancePath, data, message } of errors) {
    const key = instancePath.split('/')[1] ?? '';
    if (!isConfigKey(key) || faults.has(key)) continue;
    const origin = origins.get(key);
    const allowed = choices(key);
    const shown = SECRETS.includes(key) ? 'the value' : JSON.stringify(data);
    const must = allowed === undefined ? (message ?? 'is not valid') : `must be one of ${allowed.join(', ')}`;
    faults.set(key, { key, ...(origin === undefined ? {} : { origin }), message: `${key}: ${shown} ${must}${alias(key)}.` });
  }
  return [...faults.values()];
}

const alias = (key: ConfigKey): string => (kindOf(key) === 'boolean' ? ' (yes or no)' : '');

/** The words an option knows, where it knows only some. */
function choices(key: ConfigKey): readonly string[] | undefined {
  const schema: object = ServeConfig.properties[key];
  const of = 'items' in schema && typeof schema.items === 'object' && schema.items !== null ? schema.items : schema;
  if (!('anyOf' in of) || !Array.isArray(of.anyOf)) return undefined;
  return of.anyOf.flatMap((one: object) => ('const' in one ? [String(one.const)] : []));
}
