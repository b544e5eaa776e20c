import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Where Debian and others put `initdb` and `postgres`; the newest first. */
const folders = (): string[] => [...globSync('/usr/lib/postgresql/*/bin').sort().toReversed(), '/usr/local/pgsql/bin', '/usr/bin'];
const binaries = (): string | undefined =>
  folders().find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));

/** A server of our own that may be stopped, killed and started again; it is gone with its folder. */
export interface Cluster {
  readonly url: string;
  readonly folder: string;
  start(): Promise<void>;
  /** `fast` ends sessions and writes a checkpoint, `immediate` is a crash. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Stops for good and removes its folder. */
  remove(): Promise<void>;
  /** The same at the end of the process, where nothing can be waited for. */
  abandon(): void;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

export interface ClusterOptions {
  /** Further options of `postgres`. */
  readonly options?: readonly string[];
  /** Watches its system calls; the name of the file in its folder. */
  readonly strace?: string;
}

/** Undefined where PostgreSQL is not installed. It refuses to run as root, so root lends it to the user `postgres` or `nobody`. */
export async function makeCluster({ options: more = [], strace }: ClusterOptions = {}): Promise<Cluster | undefined> {
  const bin = binaries();
  if (bin === undefined) return undefined;
  const user: Owner | undefined = process.getuid?.() === 0 ? ownerFor() : {};
  if (user === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'busbar-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ReturnType<typeof spawn> | undefined;
  /** Not the child itself: strace may stand between. */
  const postmaster = (): number => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const start = async (): Promise<void> => {
    const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'shared_buffers=32MB'];
    const command = [join(bin, 'postgres'), ...options, ...more];
    const [file = '', ...args] =
      strace === undefined
        ? command
        : ['strace', '-f', '-s', '100', '-e', 'trace=sendto,fsync,fdatasync', '-o', join(folder, strace), ...command];
    server = spawn(file, args, { ...user, cwd: folder, stdio: 'ignore' });
    await reachable(url, 30_000);
  };
  const stop = async (how: 'fast' | 'immediate'): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    process.kill(postmaster(), how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  };
  await start();
  return {
    url,
    folder,
    start,
    stop,
    remove: async () => {
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
    abandon: () => {
      server?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

function ownerFor(): Owner | undefined {
  for (const name of ['postgres', 'nobody'])
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // the next one
    }
  return undefined;
}

async function reachable(url: string, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
