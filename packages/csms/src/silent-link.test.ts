import { expect, test } from 'vitest';
import { TestCsms } from './testing/test-csms.ts';

test('a link that nobody answers on is closed although the CSMS keeps asking, and the questions end', async () => {
  const csms = await TestCsms.start({ pingIntervalMs: 30_000 });
  await csms.station('CS1');
  csms.network.abandonAll();
  const { commands, stations } = csms.csms.kernel;
  for (let i = 0; i < 8; i += 1) {
    const station = stations.get('CS1');
    if (station === undefined) throw new Error('CS1 is registered');
    await csms.settle(commands.start({ station, action: 'ClearCache', payload: {}, origin: 'person', actor: 'test', timeoutMs: 24_000 }));
    await csms.clock.advance(25_000);
  }
  expect(stations.get('CS1')?.session).toBeUndefined();
  expect(stations.get('CS1')?.record.connected).toBe(false);
  const rows = await csms.csms.kernel.read.commands(csms.row('CS1'), 20);
  expect(rows.filter(({ state }) => state === 'queued' || state === 'sent')).toEqual([]);
});

test('T12 a quiet station that only answers pings, heartbeat 900 s: it stays connected', async () => {
  const csms = await TestCsms.start({ pingIntervalMs: 30_000, heartbeatIntervalS: 900 });
  const station = await csms.station('CS1');
  await csms.clock.advance(24 * 3_600_000);
  expect(station.closed).toBeUndefined();
  expect(csms.csms.kernel.stations.get('CS1')).toMatchObject({ record: { connected: true, epoch: 1 } });
  expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
});
