import { limits } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import { stationView } from './http/views.ts';
import { TEST_CONFIG, TestCsms } from './testing/test-csms.ts';

/** Connects, sends one frame of that many bytes, and waits until the link is closed for it. */
async function sendOversize(own: TestCsms, bytes: number): Promise<{ code: number; reason: string } | undefined> {
  const scripted = await own.station('HH-1');
  scripted.peer.socket.send('x'.repeat(bytes));
  await own.clock.until('the link is closed', () => scripted.closed !== undefined);
  await own.settle(own.csms.kernel.queue.commit([]));
  return scripted.closed;
}
const view = (own: TestCsms) => {
  const station = own.csms.kernel.stations.get('HH-1');
  if (station === undefined) throw new Error('no station HH-1');
  return stationView(station, [], TEST_CONFIG);
};

describe('D3 frames above 1 MiB', () => {
  test('D3 close the link with 1009; the history of connections names the size', async () => {
    const own = await TestCsms.start();
    expect(await sendOversize(own, limits.frameBytes + 7)).toMatchObject({ code: 1009 });
    const [last] = await own.csms.kernel.read.connections(own.row('HH-1'), 1);
    expect(last).toMatchObject({ closeCode: 1009, closeReason: 'a frame of 1048583 bytes; the limit is 1048576' });
    expect(view(own)).toMatchObject({ connected: false, anomalies: [] });
  });

  test('D3 exactly 1 MiB is a frame like any other', async () => {
    const own = await TestCsms.start();
    const scripted = await own.station('HH-1');
    expect((await scripted.raw('x'.repeat(limits.frameBytes))).slice(0, 3)).toEqual([4, '-1', 'RpcFrameworkError']);
    expect(scripted.closed).toBeUndefined();
  });

  test('D3 three within an hour mark the station oversizeFrame', async () => {
    const own = await TestCsms.start();
    for (let i = 0; i < 3; i += 1) {
      expect(own.csms.kernel.stations.get('HH-1')?.record.anomalies ?? []).toEqual([]);
      await sendOversize(own, limits.frameBytes + 1);
    }
    expect(view(own).anomalies).toEqual(['oversizeFrame']);
  });

  test('D3 three spread over more than an hour do not', async () => {
    const own = await TestCsms.start();
    for (let i = 0; i < 4; i += 1) {
      await sendOversize(own, limits.frameBytes + 1);
      await own.clock.advance(31 * 60_000);
    }
    expect(view(own).anomalies).toEqual([]);
  });
});

test('D3 large frames are served, counted and shown; a NotifyReport may be longer before it counts', async () => {
  const own = await TestCsms.start();
  const scripted = await own.station('HH-1');
  const filler = (bytes: number) => ({ customData: { vendorId: 'x', filler: 'x'.repeat(bytes) } });
  const report = (bytes: number) => ({ requestId: 1, generatedAt: '2026-01-01T00:00:00Z', seqNo: 0, ...filler(bytes) });
  const say = (action: string, payload: object) => scripted.raw(JSON.stringify([2, 'id', action, payload]));
  expect(view(own).largeFrames).toBe(0);
  expect((await say('Heartbeat', filler(limits.largeFrameBytes)))[0]).toBe(3);
  expect(view(own).largeFrames).toBe(1);
  expect((await say('NotifyReport', report(limits.largeFrameBytes)))[0]).toBe(3);
  expect(view(own).largeFrames).toBe(1);
  expect((await say('NotifyReport', report(limits.largeReportFrameBytes)))[0]).toBe(3);
  expect(view(own).largeFrames).toBe(2);
});
