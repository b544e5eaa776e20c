import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BusbarError } from '../errors.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { systemClock } from './system-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'busbar-journal-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file in use by another station says so, names itself and what to do; it opens again afterwards', async () => {
  const path = join(folder, 'CS-1.sqlite');
  const first = new SqliteJournal(path, systemClock);
  const failure = (): unknown => {
    try {
      return new SqliteJournal(path, systemClock);
    } catch (error) {
      return error;
    }
  };
  const error = failure();
  expect(error).toBeInstanceOf(BusbarError);
  expect(error).toMatchObject({ code: 'folder-locked', message: expect.stringContaining(path) });
  expect(String(error)).toContain('--data DIR');
  const script = `import { SqliteJournal, systemClock } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    try { new SqliteJournal(${JSON.stringify(path)}, systemClock); } catch (error) { process.stdout.write(error.code); }`;
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(other.stdout).toBe('folder-locked');
  // The one that came first is not disturbed, and nothing stays locked behind it.
  await first.of('CS-1').commit([{ put: 'a', value: '1' }]);
  first.close();
  const next = new SqliteJournal(path, systemClock);
  expect(next.of('CS-1').get('a')).toBe('1');
  next.close();
});
