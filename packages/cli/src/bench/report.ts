/** What must be at least or at most what. */
export interface Target {
  readonly name: string;
  /** As people read it: `≥ 0.4`. */
  readonly target: string;
  readonly value: number;
  readonly met: boolean;
  /** What `--check` fails on: a ratio or memory that is missed, a time above three times its budget; a rate never, it is the machine's too. */
  readonly kind: TargetKind;
  readonly tolerable: boolean;
}
export type TargetKind = 'ratio' | 'memory' | 'time' | 'rate';

export type Row = Readonly<Record<string, string | number>>;

export interface BenchResult {
  readonly bench: string;
  /** What was measured, in one sentence. */
  readonly about: string;
  readonly command: string;
  readonly machine: string;
  readonly date: string;
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
  readonly notes: readonly string[];
}

/** What a bench finds out itself; the rest is the same for all. */
export type Findings = Omit<BenchResult, 'bench' | 'command' | 'machine' | 'date'>;

const CHECK_FACTOR = 3;

export function atMost(kind: TargetKind, name: string, most: number, value: number, unit = ''): Target {
  const met = value <= most;
  return { name, target: `≤ ${most}${unit}`, value, met, kind, tolerable: met || (kind === 'time' && value <= CHECK_FACTOR * most) };
}

export function atLeast(kind: 'ratio' | 'rate', name: string, least: number, value: number, unit = ''): Target {
  const met = value >= least;
  return { name, target: `≥ ${least.toLocaleString('en')}${unit}`, value, met, kind, tolerable: met || kind === 'rate' };
}

/** A count that must be exactly this; nothing excuses it. */
export function exactly(name: string, wanted: number, value: number): Target {
  const met = value === wanted;
  return { name, target: `= ${wanted.toLocaleString('en')}`, value, met, kind: 'ratio', tolerable: met };
}
