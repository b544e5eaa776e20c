import { writeFileSync } from 'node:fs';
import { BusbarError } from '@busbar/runtime';
import type { Bench, BenchOptions } from './bench.ts';
import { busyCores, machine } from './measure/machine.ts';
import { round } from './measure/percentile.ts';
import { renderBench } from './render.ts';
import type { BenchResult } from './report.ts';

/** In the order of `bench all`: what takes a moment first. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  frame: async () => (await import('./frame.ts')).frame,
  validate: async () => (await import('./validate.ts')).validate,
  ingest: async () => (await import('./ingest.ts')).ingest,
  store: async () => (await import('./store.ts')).store,
  'boot-storm': async () => (await import('./boot-storm.ts')).bootStorm,
  station: async () => (await import('./station.ts')).station,
  idle: async () => (await import('./idle.ts')).idle,
  history: async () => (await import('./history.ts')).history,
};
export const benchNames = (): readonly string[] => Object.keys(BENCHES);

export interface BenchFlags extends BenchOptions {
  readonly json: boolean;
  readonly check: boolean;
  readonly out?: string;
  /** As it was typed, for the result. */
  readonly command: string;
  readonly colour: boolean;
  readonly write: (text: string) => void;
}

/** `busbar bench NAME`: the exit code. A missed target is shown and changes nothing, except with --check. */
export async function benchCommand(name: string, flags: BenchFlags): Promise<number> {
  const names = name === 'all' ? benchNames() : [name];
  const results: BenchResult[] = [];
  for (const each of names) {
    const result = await runBench(each, await loadBench(each), flags);
    results.push(result);
    if (!flags.json) flags.write(`${renderBench(result, { colour: flags.colour })}\n`);
  }
  const [first] = results;
  const whole = name === 'all' ? { bench: 'all', results } : first;
  if (flags.json) flags.write(`${JSON.stringify(whole)}\n`);
  if (flags.out !== undefined) writeFileSync(flags.out, `${JSON.stringify(whole, null, 2)}\n`);
  return flags.check && results.some(({ targets }) => targets.some(({ tolerable }) => !tolerable)) ? 1 : 0;
}

function loadBench(name: string): Promise<Bench> {
  const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (load === undefined) throw new BusbarError('bad-usage', `There is no bench ${name}; there are ${benchNames().join(', ')} and all.`);
  return load();
}

/** One bench, with what a reader must know of the machine. */
export async function runBench(name: string, bench: Bench, flags: BenchOptions & { readonly command: string }): Promise<BenchResult> {
  const busy = await busyCores();
  const findings = await bench(flags);
  return {
    bench: name,
    command: flags.command,
    machine: machine(),
    date: new Date().toISOString().slice(0, 10),
    ...findings,
    notes: [
      ...findings.notes,
      ...(busy > 0.3 ? [`The machine had ${round(busy, 1)} cores busy with other work before the run: trust the ratios.`] : []),
    ],
  };
}
