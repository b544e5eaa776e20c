import { BusbarError, limits } from '@busbar/runtime';
import { VirtualClock } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import { network, Throttle } from './throttle.ts';

const refused = (work: () => unknown): number | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof BusbarError && error.code === 'too-many-requests' ? Number(error.fields['retryAfterS']) : Number.NaN;
  }
};

test('a try counts from its beginning, and not when it was right', () => {
  const throttle = new Throttle(new VirtualClock());
  const takeBack = [1, 2, 3, 4, 5].map((n) => throttle.begin('ada', `10.0.0.${n}`));
  expect(refused(() => throttle.begin('ada', '10.0.0.6'))).toBe(60);
  expect(refused(() => throttle.begin('bob', '10.0.0.6'))).toBeUndefined();
  takeBack[0]?.();
  expect(refused(() => throttle.begin('ada', '10.0.0.6'))).toBeUndefined();
});

test('after a minute there is room again, try by try', async () => {
  const clock = new VirtualClock();
  const throttle = new Throttle(clock);
  for (let n = 0; n < 5; n += 1) {
    throttle.begin('ada', '10.0.0.1');
    await clock.advance(10_000);
  }
  expect(refused(() => throttle.begin('ada', '10.0.0.1'))).toBe(10);
  await clock.advance(10_000);
  expect(refused(() => throttle.begin('ada', '10.0.0.1'))).toBeUndefined();
  expect(refused(() => throttle.begin('ada', '10.0.0.1'))).toBe(10);
});

test('what it remembers has a bound', () => {
  const throttle = new Throttle(new VirtualClock());
  for (let n = 0; n < limits.passwordTriesKept + 500; n += 1) throttle.begin(`name-${n}`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  expect(throttle.size).toBeLessThanOrEqual(2 * limits.passwordTriesKept);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, expected) => expect(network(address)).toBe(expected));
