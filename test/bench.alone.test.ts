import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../packages/cli/src/main.ts');
const run = promisify(execFile);

interface Result {
  readonly bench: string;
  readonly machine: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly targets: readonly { readonly name: string; readonly target: string; readonly value: number; readonly met: boolean }[];
}

async function bench(...args: string[]): Promise<Result> {
  const { stdout } = await run(process.execPath, [MAIN, 'bench', ...args, '--json']);
  return JSON.parse(stdout) as Result;
}

test('bench frame measures the parser against JSON.parse', async () => {
  const result = await bench('frame', '--round', '5');
  expect(result).toMatchObject({ bench: 'frame', command: expect.stringContaining('npx busbar bench frame'), date: expect.any(String) });
  expect(result.rows.map(({ message }) => message)).toEqual(['TransactionEvent', 'Heartbeat']);
  for (const { 'JSON.parse µs': parse, 'whole frame µs': whole } of result.rows) {
    expect(parse).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(0);
  }
  expect(result.targets).toHaveLength(1);
});

test('bench ingest drives a real server beside the raw one and finds every acknowledged event stored', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-bench-test-'));
  const out = join(folder, 'result.json');
  const result = await bench('ingest', '--connections', '3', '--round', '200', '--out', out);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(result);
  rmSync(folder, { recursive: true });
  expect(result.rows.map(({ load }) => load)).toEqual(['back to back', '5,000/s offered']);
  for (const row of result.rows) {
    expect(row).toMatchObject({ stations: 3, lost: 0, refused: 0 });
    const figures = ['per s', 'raw per s', 'ratio', 'p50 ms', 'p99 ms', 'CPU µs', 'raw CPU', 'MiB'];
    expect(figures.filter((figure) => !(Number(row[figure]) > 0))).toEqual([]);
  }
  const exact = result.targets.filter(({ target }) => target.startsWith('= '));
  expect(exact).toHaveLength(2);
  expect(exact.every(({ met }) => met)).toBe(true);
});

test('a bench that does not exist is named with those that do', async () => {
  const failed = await bench('speed').catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no bench speed; there are frame, validate, ingest') });
});
