import { median } from './percentile.ts';

/** CPU time of one call in µs: each of them in turn, in slices of this length, so that what disturbs one disturbs all; medians. */
export function microseconds(works: readonly (() => void)[], sliceMs: number, rounds: number): number[] {
  const found = works.map((): number[] => []);
  for (const work of works) for (let i = 0; i < 2_000; i += 1) work(); // compiled before it is measured
  for (let turn = 0; turn < rounds; turn += 1) for (const [index, work] of works.entries()) found[index]?.push(slice(work, sliceMs));
  return found.map(median);
}

const CALLS = 64;

function slice(work: () => void, ms: number): number {
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  let calls = 0;
  do {
    for (let i = 0; i < CALLS; i += 1) work();
    calls += CALLS;
  } while (performance.now() - from < ms);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / calls;
}
