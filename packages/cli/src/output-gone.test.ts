import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
const start = (...args: string[]): ChildProcess => spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

test('nobody reads what the CSMS says any more: it goes on', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-unheard-'));
  const child = start('serve', '--json', '--data', folder, '--ocpp-port', '0', '--http-port', '0');
  const ended = once(child, 'exit');
  try {
    if (child.stdout === null || child.stderr === null) throw new Error('no output');
    const [line] = await once(createInterface(child.stdout), 'line');
    const { httpPort, ocppPort }: { httpPort: number; ocppPort: number } = JSON.parse(String(line));
    child.stdout.destroy();
    child.stderr.destroy();
    for (let n = 0; n < 5; n += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${ocppPort}/ocpp/NOBODY-${n}`, 'ocpp2.0.1'); // refused, which the log tells
      await new Promise((resolve) => socket.addEventListener('error', resolve));
      expect((await fetch(`http://127.0.0.1:${httpPort}/health/live`)).status).toBe(200);
    }
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a command whose reader is gone ends without a word', { timeout: 60_000 }, async () => {
  const child = start('bench', '--help');
  child.stdout?.destroy();
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(said).toBe('');
});
