// The disk is full under load: nobody is answered, nobody is refused, the links stay, `/health/ready` says so; once there is
// room again everything goes on. A small file system where one may be mounted, else a limit on the size of files.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpawnedCsms } from '../../packages/cli/src/spawn.ts';
import { Fleet, pause, until } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { readyStatus, serve } from './serve.ts';

export interface DiskFullResult extends Verdict {
  readonly how: 'tmpfs' | 'fsize';
  readonly readyWhileFull: number;
  readonly readyAfterwards: number;
  /** Acknowledged while the disk was full for certain: there may be none. */
  readonly acknowledgedWhileFull: number;
  /** Heartbeats that were answered while full (nobody may read), and afterwards. */
  readonly heartbeats: { readonly whileFull: number; readonly afterwards: number };
  readonly links: number;
  readonly closes: number;
  readonly refused: readonly string[];
}

interface Disk {
  readonly how: 'tmpfs' | 'fsize';
  fill(csms: SpawnedCsms): void;
  free(csms: SpawnedCsms): void;
  remove(): void;
}

const FULL_MS = 3_000;

export async function runDiskFull(folder: string, clients: number, flags: readonly string[]): Promise<DiskFullResult> {
  mkdirSync(folder, { recursive: true });
  const disk = smallDisk(folder) ?? smallFiles();
  let started: SpawnedCsms | undefined;
  try {
    const csms = await serve(join(folder, 'data'), { ocpp: 0, http: 0 }, flags);
    started = csms;
    const fleet = await Fleet.start(csms, clients);
    await until('load', () => fleet.acknowledged > 50 * clients);
    disk.fill(csms);
    await until('the store is full', async () => (await readyStatus(csms)) === 503, 60_000);
    await pause(200); // answers that were under way
    const before = fleet.acknowledged;
    for (const client of fleet.clients) client.beat();
    await pause(FULL_MS);
    const whileFull = fleet.beats;
    const full = { readyWhileFull: await readyStatus(csms), acknowledgedWhileFull: fleet.acknowledged - before };
    const links = fleet.clients.filter(({ connected }) => connected).length;
    disk.free(csms);
    await until('the store writes again', async () => (await readyStatus(csms)) === 200);
    const free = fleet.acknowledged;
    await until('load again', () => fleet.acknowledged > free + 20 * clients);
    const { refused, closes, beats } = fleet;
    await fleet.finish();
    const readyAfterwards = await readyStatus(csms);
    const verdict = await judge(csms, fleet);
    await csms.stop();
    return { how: disk.how, ...full, readyAfterwards, heartbeats: { whileFull, afterwards: beats }, links, closes, refused, ...verdict };
  } finally {
    started?.process.kill('SIGKILL'); // gone already, unless something went wrong
    disk.remove();
  }
}

function smallDisk(folder: string): Disk | undefined {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' }).status !== 0) return undefined;
  const ballast = join(folder, 'ballast');
  return {
    how: 'tmpfs',
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, new Uint8Array(Math.max(0, bavail * bsize - (64 << 10))));
      } catch (error) {
        if (!String(error).includes('ENOSPC')) throw error; // the CSMS was quicker: full is full
      }
    },
    free: () => rmSync(ballast),
    remove: () => execFileSync('umount', ['-l', folder]), // whatever went wrong before, and still runs there, is what counts
  };
}

/** Files of the running process may not grow any more: EFBIG instead of ENOSPC. */
const smallFiles = (): Disk => ({
  how: 'fsize',
  fill: (csms) => limitFiles(csms, '65536'),
  free: (csms) => limitFiles(csms, 'unlimited'),
  remove: () => undefined,
});

const limitFiles = (csms: SpawnedCsms, soft: string): void =>
  void execFileSync('prlimit', ['--pid', String(csms.process.pid), `--fsize=${soft}:`]);
