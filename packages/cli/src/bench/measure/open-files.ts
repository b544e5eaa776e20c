import { BusbarError } from '@busbar/runtime';
import { openFileLimit } from './processes.ts';

/** What a process opens besides its connections. */
const OTHERS = 200;

/** Each connection is an open file on both sides; without enough of them a bench would measure refusals. */
export function needOpenFiles(connections: number): void {
  const limit = openFileLimit();
  if (limit >= connections + OTHERS) return;
  throw new BusbarError(
    'bad-usage',
    `${connections} connections need ${connections + OTHERS} open files per process, and this shell allows ${limit}. Say "ulimit -n ${connections + OTHERS}" first (as root, or up to the limit of "ulimit -Hn").`,
  );
}
