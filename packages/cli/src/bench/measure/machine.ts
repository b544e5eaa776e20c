import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** The machine as a reader of the figures must know it. */
export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'unknown processor';
  return `${availableParallelism()} cores of ${model}, ${gib} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

/** How busy it was in the last minute, in cores. */
export const busyCores = (): number => loadavg()[0] ?? 0;
