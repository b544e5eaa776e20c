import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everythingBut, FEATURES } from '../features.ts';
import { featuresFrom } from './check-options.ts';
import { addFeatures } from './features-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-features-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function features(args: readonly string[], answers = ''): Promise<string> {
  const [input, out, err] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let said = '';
  for (const stream of [out, err]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const program = new Command('test').exitOverride();
  addFeatures(program, { in: input, out, err }, 'test');
  input.end(answers);
  await program.parseAsync(['features', ...args], { from: 'user' });
  return said;
}
const file = (): string => join(folder, 'features.yaml');
const asked = FEATURES.filter(({ roles }) => roles.includes('station'));

describe('check features', () => {
  test('--defaults declares everything, in a file that --features reads', async () => {
    expect(await features(['station', '--defaults', '--output', file()])).toContain(`${asked.length} of ${asked.length} features declared`);
    expect(featuresFrom(file(), 'station')).toEqual(everythingBut('station', []));
  });
  test('asks every question; Enter is yes, nonsense is asked again', async () => {
    const answers = `n\nwhat\nNO\n${'\n'.repeat(asked.length - 2)}`;
    const said = await features(['station', '--output', file()], answers);
    expect(said).toContain(`1/${asked.length} ${asked[0]?.id}: ${asked[0]?.asks} [Y/n]`);
    expect(featuresFrom(file(), 'station')).toEqual(everythingBut('station', [asked[0]?.id ?? '', asked[1]?.id ?? '']));
  });
  test('whoever leaves before the end has written nothing', async () => {
    await expect(features(['station', '--output', file()], 'y\n')).rejects.toThrow('nothing was written');
    expect(() => readFileSync(file())).toThrow('ENOENT');
  });
  test('a file that is there is replaced with --force only', async () => {
    writeFileSync(file(), 'mine');
    await expect(features(['csms', '--defaults', '--output', file()])).rejects.toThrow('--force replaces it');
    expect(readFileSync(file(), 'utf8')).toBe('mine');
    await features(['csms', '--defaults', '--force', '--output', file()]);
    expect(featuresFrom(file(), 'csms')).toEqual(everythingBut('csms', []));
  });
  test('--list prints ids and questions, --json for machines', async () => {
    expect(await features(['station', '--list'])).toMatch(/^C-01 +Can it authorize/);
    expect(JSON.parse(await features(['station', '--list', '--json']))).toEqual(asked.map(({ id, asks }) => ({ id, asks })));
  });
  test('another role is an error', async () => {
    await expect(features(['charger'])).rejects.toThrow('not of "charger"');
  });
});
