import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { type Bench, bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

const cached = (b: Bench): string[] => [...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'));
const authorizes = (b: Bench): number => b.csms.of('Authorize').length;
const info = (status: 'Accepted' | 'Blocked', more: object = {}) => ({ idTokenInfo: { status, ...more } }) as const;

test('C10.FR.01 C10.FR.04 every identifier is remembered, whatever its status, with the newest word', async () => {
  const b = await bench().booted();
  b.csms.once('Authorize', info('Blocked'));
  await b.card();
  expect(cached(b)).toEqual(['cache/ISO14443/AABBCCDD']);
  expect(b.disk.durable.get('cache/ISO14443/AABBCCDD')).toContain('Blocked');
  b.csms.once('Authorize', info('Accepted'));
  await b.card();
  expect(b.disk.durable.get('cache/ISO14443/AABBCCDD')).toContain('Accepted');
});

test('C10.FR.02 the cache survives a power cut', async () => {
  const b = await bench().booted();
  await b.card();
  await b.wait(120);
  b.cut();
  b.restore();
  await b.wait(5);
  await b.card();
  expect(authorizes(b)).toBe(1);
  expect(b.evse().authorized).toBe(true);
});

test('C10.FR.03 C12.FR.05 known but not Accepted asks again while online; DisablePostAuthorize stops that', async () => {
  const b = await bench().booted();
  b.csms.once('Authorize', info('Blocked'));
  await b.card();
  await b.card();
  expect(authorizes(b)).toBe(2);
  expect(b.evse().authorized).toBe(true);
  await b.wait(70);
  b.csms.once('Authorize', info('Blocked'));
  await b.card(OTHER_CARD);
  await b.set('AuthCacheCtrlr', 'DisablePostAuthorize', 'true');
  await b.card(OTHER_CARD);
  expect(authorizes(b)).toBe(3);
  expect(b.evse().authorized).toBe(false);
});

test('C10.FR.05 C12.FR.06 the answer to a TransactionEvent updates the cache', async () => {
  const b = await bench().booted();
  b.csms.always('TransactionEvent', info('Blocked'));
  await b.charging().catch(() => undefined);
  expect(b.disk.durable.get('cache/ISO14443/AABBCCDD')).toContain('Blocked');
});

test('C10.FR.07 a full cache makes room: not Accepted first, then the oldest', async () => {
  const b = await bench().booted();
  b.csms.once('Authorize', info('Blocked'));
  await b.card({ idToken: 'BLOCKED', type: 'ISO14443' });
  b.csms.always('Authorize', info('Accepted'));
  for (let n = 1; n < limits.authorizationCacheEntries; n += 1) {
    b.disk.durable.set(
      `cache/ISO14443/T${n}`,
      JSON.stringify({ info: { status: 'Accepted' }, updatedAt: b.clock.now() - n, usedAt: b.clock.now() - n }),
    );
  }
  b.cut();
  b.restore();
  await b.wait(5);
  expect(cached(b)).toHaveLength(limits.authorizationCacheEntries);
  await b.card({ idToken: 'NEW1', type: 'ISO14443' });
  expect(cached(b)).not.toContain('cache/ISO14443/BLOCKED');
  await b.wait(70);
  await b.card({ idToken: 'NEW2', type: 'ISO14443' });
  expect(cached(b)).toHaveLength(limits.authorizationCacheEntries);
  expect(cached(b)).not.toContain(`cache/ISO14443/T${limits.authorizationCacheEntries - 1}`);
  expect(cached(b)).toContain('cache/ISO14443/NEW2');
});

test('C10.FR.07 AuthCacheCtrlr.Policy: LRU keeps what was used, FIFO does not care', async () => {
  for (const policy of ['LRU', 'FIFO']) {
    const b = await bench({ variables: { 'AuthCacheCtrlr.Policy': policy } }).booted();
    for (let n = 1; n <= limits.authorizationCacheEntries; n += 1) {
      const used = n === 1 ? b.clock.now() : b.clock.now() - 1_000_000 + n;
      b.disk.durable.set(
        `cache/ISO14443/T${n}`,
        JSON.stringify({ info: { status: 'Accepted' }, updatedAt: b.clock.now() - 1_000_000 + n, usedAt: used }),
      );
    }
    b.cut();
    b.restore();
    await b.wait(5);
    await b.card({ idToken: 'NEW', type: 'ISO14443' });
    expect(cached(b)).not.toContain(`cache/ISO14443/${policy === 'LRU' ? 'T2' : 'T1'}`);
  }
});

test('C10.FR.08 C10.FR.10 without cacheExpiryDateTime an entry lives AuthCacheLifeTime', async () => {
  const b = await bench({ variables: { 'AuthCacheCtrlr.LifeTime': '200' } }).booted();
  await b.card();
  await b.wait(100);
  await b.card();
  expect(authorizes(b)).toBe(1);
  await b.wait(150);
  await b.card();
  expect(authorizes(b)).toBe(2);
});

test('C10.FR.13 cacheExpiryDateTime decides when it is there, also against a longer life time; in the past it is not remembered', async () => {
  const b = await bench().booted();
  b.csms.once('Authorize', info('Accepted', { cacheExpiryDateTime: new Date(b.clock.now() + 90_000).toISOString() }));
  await b.card();
  expect(cached(b)).toHaveLength(1);
  await b.wait(100);
  await b.card();
  expect(authorizes(b)).toBe(2);
  await b.wait(70);
  b.csms.once('Authorize', info('Accepted', { cacheExpiryDateTime: '2020-01-01T00:00:00Z' }));
  await b.card(OTHER_CARD);
  expect(cached(b)).not.toContain('cache/ISO14443/11223344');
});

test('C10.FR.11 AuthCacheEnabled false: nothing is remembered and nothing looked up', async () => {
  const b = await bench({ variables: { 'AuthCacheCtrlr.Enabled': 'false' } }).booted();
  await b.charging();
  expect(cached(b)).toEqual([]);
  expect((await b.ask('ClearCache', {})).status).toBe('Rejected');
});

test('C11.FR.01 C11.FR.02 C11.FR.03 ClearCache empties the cache', async () => {
  const b = await bench().booted();
  await b.card();
  expect(cached(b)).toHaveLength(1);
  expect((await b.ask('ClearCache', {})).status).toBe('Accepted');
  expect(cached(b)).toEqual([]);
  await b.wait(70);
  await b.card();
  expect(authorizes(b)).toBe(2);
});

test('C11.FR.02 C11.FR.04 a cache that is switched off is not cleared: Rejected', async () => {
  const b = await bench().booted();
  await b.card();
  await b.set('AuthCacheCtrlr', 'Enabled', 'false');
  expect((await b.ask('ClearCache', {})).status).toBe('Rejected');
  expect(cached(b)).toHaveLength(1);
});

test('the cache tells its size in AuthCacheCtrlr.Storage', async () => {
  const b = await bench().booted();
  expect(await b.get('AuthCacheCtrlr', 'Storage')).toBe('0');
  await b.card(CARD);
  expect(Number(await b.get('AuthCacheCtrlr', 'Storage'))).toBeGreaterThan(20);
});
