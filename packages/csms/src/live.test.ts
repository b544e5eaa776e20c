import { limits } from '@busbar/runtime';
import { VirtualClock } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import { Live } from './live.ts';

const published = (count: number): Live => {
  const live = new Live(new VirtualClock());
  for (let n = 1; n <= count; n += 1) live.publish({ type: 'notice', stationId: `CS${n}`, action: 'NotifyEvent' });
  return live;
};
const idsSince = (live: Live, id: number): readonly number[] | undefined => live.since(id)?.map((event) => event.id);

test('who comes back gets exactly what he missed', () => {
  const live = published(5);
  expect(idsSince(live, 0)).toEqual([1, 2, 3, 4, 5]);
  expect(idsSince(live, 3)).toEqual([4, 5]);
  expect(idsSince(live, 5)).toEqual([]);
  expect(live.since(3)?.[0]?.event).toMatchObject({ stationId: 'CS4' });
});

test('who missed more than is remembered, or names a number that was never given, needs a fresh snapshot', () => {
  const live = published(2 * limits.eventRing + 7);
  const oldest = live.lastId - limits.eventRing + 1;
  expect(idsSince(live, oldest - 2)).toBeUndefined();
  expect(idsSince(live, oldest - 1)).toHaveLength(limits.eventRing);
  expect(idsSince(live, oldest - 1)?.at(0)).toBe(oldest);
  expect(idsSince(live, live.lastId - 2)).toEqual([live.lastId - 1, live.lastId]);
  expect(live.since(live.lastId + 1)).toBeUndefined();
});
