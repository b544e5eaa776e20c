import { expect, test } from 'vitest';
import { targetsOf, versionOf } from './meant.ts';

test('the version all of them speak; the oldest when they differ', () => {
  expect(versionOf([{ ocppVersion: 'ocpp2.1' }])).toEqual({ version: 'ocpp2.1', mixed: false });
  expect(versionOf([{ ocppVersion: 'ocpp2.1' }, { ocppVersion: 'ocpp2.0.1' }, { ocppVersion: null }])).toEqual({
    version: 'ocpp2.0.1',
    mixed: true,
  });
  expect(versionOf([])).toEqual({ version: 'ocpp2.0.1', mixed: false });
});

test('stations by their ids, each once', () => {
  expect(targetsOf({ stationId: 'A,B,,A' }, [])).toEqual(['A', 'B']);
  expect(targetsOf({}, [])).toEqual([]);
  expect(targetsOf({ stationId: 'A', of: 'filter', q: 'x' }, [])).toEqual([]);
});
