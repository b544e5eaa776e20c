import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

/** Processor time a process has used so far, all its threads, in milliseconds; 0 for one that is gone. */
export function cpuMs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    // Nanoseconds per thread; the other count has ticks of 10 ms.
    return tasks.reduce((sum, task) => sum + threadMs(`/proc/${pid}/task/${task}/schedstat`), 0);
  } catch {
    return ticksMs(pid);
  }
}

const threadMs = (file: string): number => Number(readFileSync(file, 'latin1').split(' ')[0]) / 1e6;

function ticksMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

/** Memory that is this process's alone, in MiB; what it shares with others of its kind is not counted. */
export function privateMiB(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1').split('\n');
  const kib = lines.filter((line) => line.startsWith('Private_')).reduce((sum, line) => sum + Number(/\d+/.exec(line)?.[0] ?? 0), 0);
  return kib / 1024;
}

/** Every process with this name: the backends of a database server. */
export function processesNamed(name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => nameOf(pid) === name)
    .map(Number);
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
  } catch {
    return ''; // it ended meanwhile
  }
}

/** How many files this process and its children may open. */
export function openFileLimit(): number {
  const line = readFileSync('/proc/self/limits', 'latin1')
    .split('\n')
    .find((entry) => entry.startsWith('Max open files'));
  const soft = /^Max open files\s+(\S+)/.exec(line ?? '')?.[1];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
