import { openApi } from '@busbar/api';
import { expect, test } from 'vitest';
import { found, grouped, isDestructive, operationsOf } from './operations.ts';

const { operations } = operationsOf(JSON.parse(JSON.stringify(openApi('1'))));

test('every route stands in one group, and a search finds it by words of its path, summary or role', () => {
  expect(grouped(operations).flatMap(([, inside]) => inside)).toHaveLength(operations.length);
  expect(grouped(operations).map(([tag]) => tag)).toEqual(expect.arrayContaining(['stations', 'tokens', 'bulk', 'webhooks']));
  expect(found(operations, 'post BULK').map(({ id }) => id)).toEqual(['startBulk', 'stopBulk']);
  expect(found(operations, 'nosuchword')).toEqual([]);
  expect(found(operations, ' ')).toHaveLength(operations.length);
});

test('what takes something away is asked about', () => {
  const asked = operations.filter(isDestructive).map(({ id }) => id);
  expect(asked).toEqual(
    expect.arrayContaining(['deleteStation', 'eraseToken', 'closeTransaction', 'revokeCertificate', 'replaceHardware']),
  );
  expect(asked).not.toContain('createStation');
});
