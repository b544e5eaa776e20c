import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Role } from '../case.ts';
import { Person } from '../drivers/person.ts';
import { FEATURES, type Feature } from '../features.ts';
import { UsageError } from './check-options.ts';

export interface FeaturesEdges {
  readonly in: NodeJS.ReadableStream;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

interface Flags {
  readonly list?: true;
  readonly json?: true;
  readonly defaults?: true;
  readonly force?: true;
  readonly output: string;
}

/** `check features ROLE`: what the system declares, asked question by question and written to a file. */
export function addFeatures(parent: Command, edges: FeaturesEdges, example: string): void {
  parent
    .command('features')
    .description('asks which features of Part 5 a system has and writes the file that --features reads')
    .argument('<role>', 'csms or station')
    .option('--output <file>', 'where to write', 'features.yaml')
    .option('--force', 'replaces a file that is there')
    .option('--defaults', 'declares everything without asking')
    .option('--list', 'only prints ids and questions')
    .option('--json', 'with --list: as JSON')
    .addHelpText('after', `\nExample:\n  ${example} features station --defaults --output station.yaml`)
    .action((role: string, flags: Flags) => features(role, flags, edges));
}

async function features(name: string, flags: Flags, edges: FeaturesEdges): Promise<void> {
  const role = roleFrom(name);
  const asked = FEATURES.filter(({ roles }) => roles.includes(role));
  if (flags.list === true) {
    const lines = asked.map(({ id, asks }) => `${id.padEnd(16)}${asks}\n`).join('');
    edges.out.write(flags.json === true ? `${JSON.stringify(asked.map(({ id, asks }) => ({ id, asks })))}\n` : lines);
    return;
  }
  const { output } = flags;
  if (flags.force !== true && existsSync(output)) throw new UsageError(`${output} is there already; --force replaces it.`);
  const declared = flags.defaults === true ? new Map(asked.map(({ id }) => [id, true])) : await interview(asked, edges);
  writeFileSync(output, fileOf(role, asked, declared), { flag: flags.force === true ? 'w' : 'wx' });
  const yes = [...declared.values()].filter(Boolean).length;
  edges.err.write(`${output}: ${yes} of ${asked.length} features declared.\n`);
}

function roleFrom(name: string): Role {
  if (name === 'csms' || name === 'station') return name;
  throw new UsageError(`features are asked of a csms or a station, not of "${name}".`);
}

async function interview(asked: readonly Feature[], edges: FeaturesEdges): Promise<ReadonlyMap<string, boolean>> {
  const person = new Person(edges.in, edges.err);
  const declared = new Map<string, boolean>();
  try {
    for (const [index, feature] of asked.entries())
      declared.set(feature.id, await yesOrNo(person, `${index + 1}/${asked.length} ${feature.id}: ${feature.asks} [Y/n] `));
    return declared;
  } finally {
    person.leave();
  }
}

async function yesOrNo(person: Person, question: string): Promise<boolean> {
  for (;;) {
    const answer = await person.ask('', question);
    if (answer === undefined) throw new UsageError('the questions were not answered to the end; nothing was written.');
    if (/^(?:y|yes|)$/i.test(answer.trim())) return true;
    if (/^(?:n|no)$/i.test(answer.trim())) return false;
  }
}

const fileOf = (role: Role, asked: readonly Feature[], declared: ReadonlyMap<string, boolean>): string =>
  [`# What this ${role} declares (docs/conformance.md). An id that is left out counts as false.`]
    .concat(
      asked.map(({ id, asks }) => `${id}: ${declared.get(id) === true}  # ${asks}`),
      '',
    )
    .join('\n');
