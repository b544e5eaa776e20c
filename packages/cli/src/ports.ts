import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { BusbarError } from '@busbar/runtime';

/** Both ports are tried before anything is created: a start that must fail changes nothing. */
export async function checkPorts(
  host: string,
  ports: readonly { readonly port: number; readonly use: string; readonly flag: string }[],
): Promise<void> {
  for (const { port, use, flag } of ports) {
    if (port === 0) continue;
    const code = await tryListen(host, port);
    if (code === undefined) continue;
    if (code !== 'EADDRINUSE') throw new BusbarError('bad-usage', `Cannot listen on ${host} port ${port} (${code}).`);
    const who = ownerOf(port);
    const lines = [
      `Port ${port} is taken, so ${use} cannot start. Nothing was changed.`,
      ...(who === undefined ? [] : [`  who      ${who}`]),
      `  then     end that one, or take another port: npx busbar serve ${flag} ${port + 1}`,
    ];
    throw new BusbarError('port-taken', lines.join('\n'));
  }
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: Error & { code?: string }) => resolve(error.code ?? 'unknown'));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

/** The process that listens, where the system tells (Linux, own processes). */
function ownerOf(port: number): string | undefined {
  try {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const inode = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find((cells) => cells[1]?.endsWith(suffix) === true && cells[3] === '0A')?.[9];
    if (inode === undefined) return undefined;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (!opens(pid, `socket:[${inode}]`)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
      const busbar = command.some((part) => part.includes('packages/cli/')) ? ': this looks like another Busbar' : '';
      return `process ${pid}, ${command[0]?.split('/').at(-1) ?? '?'}${busbar}`;
    }
  } catch {
    return undefined; // not Linux, or not ours to see: the sentence does without it
  }
  return undefined;
}

function opens(pid: string, target: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === target);
  } catch {
    return false; // a process that ended, or somebody else's
  }
}
