import { expect, test } from 'vitest';
import { VolatileJournal } from './volatile-journal.ts';

test('what was committed is read at once, in key order, and by the next life too', async () => {
  const journal = new VolatileJournal();
  const done = journal.commit([
    { put: 'queue/2', value: 'b' },
    { put: 'queue/1', value: 'a' },
    { put: 'var/x', value: 'c' },
  ]);
  expect(journal.get('var/x')).toBe('c');
  await done;
  await journal.commit([{ remove: 'var/x' }, { put: 'queue/3', value: 'd' }]);
  await journal.close();
  expect(journal.list('queue/')).toEqual([
    ['queue/1', 'a'],
    ['queue/2', 'b'],
    ['queue/3', 'd'],
  ]);
  expect(journal.get('var/x')).toBeUndefined();
});
