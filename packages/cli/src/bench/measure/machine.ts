import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The machine as a reader of the figures must know it. */
export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'unknown processor';
  return `${availableParallelism()} cores of ${model}, ${gib} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

const LOOK_MS = 500;

/** Cores that work for others at this moment: looked at for half a second in which this process does nothing. */
export async function busyCores(): Promise<number> {
  const before = working();
  await sleep(LOOK_MS);
  return (working() - before) / LOOK_MS;
}

/** Milliseconds that all cores together have worked since they were started. */
const working = (): number => cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
