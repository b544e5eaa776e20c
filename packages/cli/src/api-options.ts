import type { Route } from '@busbar/api';
import { type Command, InvalidArgumentError, Option } from 'commander';

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Adds what every command that speaks REST has. */
export const shared = (command: Command, ...examples: readonly string[]): Command =>
  command
    .option('--url <url>', 'where page and API of the CSMS are (BUSBAR_URL)', undefined)
    .option('--data <folder>', 'folder of the CSMS on this machine; its file api-key holds the key (else BUSBAR_API_KEY)')
    .option('--json', 'as JSON')
    .addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((one) => `  ${one}`).join('\n')}`);

/** An option may stand before or behind the subcommand. */
export const both = (command: Command): Flags => ({ ...command.parent?.opts(), ...command.opts() });

export const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is wanted.');
  return Number(text);
};

interface Field {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly type?: string;
}

/** A page and its form are the business of the client; the rest of a query are filters. */
const NO_FILTERS: readonly string[] = ['limit', 'cursor', 'format', 'before', 'wait'];
/** What the contract calls by an id is called by what it is here. */
const SHORT: Readonly<Record<string, string>> = { stationId: 'station' };

/** What is the same of every list. */
const SAID: Readonly<Record<string, string>> = { sort: 'in the order of this', order: 'which way', site: 'only of the site with this id' };

function fieldsOf({ query }: Route): readonly (readonly [string, Field])[] {
  const properties: Readonly<Record<string, Field>> = query !== undefined && 'properties' in query ? Object(query.properties) : {};
  return Object.entries(properties).filter(([name]) => !NO_FILTERS.includes(name));
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const called = (name: string): string => SHORT[name] ?? name;

/** The filters of a list, as its contract has them; so none is ever missing here. */
export function everyFilter(command: Command, route: Route, said: Readonly<Record<string, string>> = {}): Command {
  for (const [name, field] of fieldsOf(route)) {
    const text = said[name] ?? SAID[name] ?? field.description ?? `only with this ${kebab(called(name)).replaceAll('-', ' ')}`;
    const option = new Option(`--${kebab(called(name))}${field.type === 'boolean' ? '' : ' <value>'}`, text);
    command.addOption(field.enum === undefined ? option : option.choices(field.enum));
  }
  return command;
}

/** The same for a list that is shown: of many only so many. */
export const filters = (command: Command, route: Route, said: Readonly<Record<string, string>> = {}): Command =>
  everyFilter(command, route, said).option('--limit <number>', 'at most so many', whole);

/** What of the flags is a filter, as a query. */
export function queryOf(route: Route, flags: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name] of fieldsOf(route)) {
    const value = flags[called(name)];
    if (typeof value === 'string' || value === true) query.set(name, String(value));
  }
  return query;
}
