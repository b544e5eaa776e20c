import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './percentile.ts';

const KIB = [4, 16, 64];
const FILE_BYTES = 16 << 20;
const TIMES = 30;

/** What fdatasync of 4 to 64 kB takes on the disk of this folder, in ms: the median, on a file as long as before, as a log is. */
export function diskSyncMs(folder: string): number {
  const path = join(folder, 'disk-probe');
  const file = openSync(path, 'w');
  try {
    writeSync(file, Buffer.alloc(FILE_BYTES));
    fsyncSync(file);
    const times: number[] = [];
    for (let round = 0; round < TIMES; round += 1)
      for (const kib of KIB) {
        const block = Buffer.alloc(kib << 10, round);
        writeSync(file, block, 0, block.length, (round * block.length) % (FILE_BYTES - block.length));
        const from = performance.now();
        fdatasyncSync(file);
        times.push(performance.now() - from);
      }
    return median(times);
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
