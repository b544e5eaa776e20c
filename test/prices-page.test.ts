import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bill, event } from '../packages/csms/src/testing/prices.ts';

const text = readFileSync(join(import.meta.dirname, '../docs/prices.md'), 'utf8');

test('docs/prices.md: its tariff gives the table of its example', () => {
  const terms = JSON.parse(/```json tariff\n(.+?)```/s.exec(text)?.[1] ?? '');
  const at = (time: string): number => Date.parse(`2026-03-02T${time}:00+01:00`);
  const state = (chargingState: 'Charging' | 'SuspendedEV') => ({ info: { chargingState } });
  const { lines, total } = bill(
    [
      event('Started', 0, { at: at('21:00'), wh: 0, ...state('Charging') }),
      event('Updated', 1, { at: at('23:00'), wh: 12_000, ...state('SuspendedEV') }),
      event('Ended', 2, { at: at('23:30'), wh: 12_000 }),
    ],
    terms,
    'Europe/Berlin',
  );
  const rows = [...text.matchAll(/^\| (energy|time|session|idle|vat) \| (\S+)[^|]* \| (\S+)[^|]* \| (\S+) \|$/gm)].map((row) =>
    row.slice(1),
  );
  expect(rows).toEqual(lines.map(({ kind, quantity, unitPrice, amount }) => [kind, quantity, unitPrice, amount]));
  expect(text).toContain(`| **total** | | | **${total}** |`);
});
