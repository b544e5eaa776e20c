import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { type Bench, type BenchOptions, bench, CARD } from '../../testing/bench.ts';

/** A station whose journal holds a list, as the block that receives it would have written it. */
async function listed(
  entries: readonly { readonly idToken: string; readonly info: Ocpp.IdTokenInfoType }[],
  variables: BenchOptions['variables'] = {},
): Promise<Bench> {
  const b = bench({ variables });
  for (const { idToken, info } of entries) {
    const entry = { idToken: { type: 'ISO14443', idToken }, idTokenInfo: info };
    b.disk.durable.set(`locallist/ISO14443/${idToken.toLowerCase()}`, JSON.stringify(entry));
  }
  b.restore();
  return b.booted();
}
const authorized = async (b: Bench, idToken: string): Promise<boolean> => {
  await b.card({ idToken, type: 'ISO14443' });
  return b.evse().authorized;
};
const PAST = '2020-01-01T00:00:00Z';

test('TC_C_21_CS C13.FR.02 C13.FR.03 offline a token that the list accepts may charge, whatever the letters of its id, and nobody is asked', async () => {
  const b = await listed([{ idToken: 'listed01', info: { status: 'Accepted' } }]);
  await b.offline();
  expect(await authorized(b, 'LISTED01')).toBe(true);
  expect(b.csms.of('Authorize')).toEqual([]);
});

test('TC_C_22_CS TC_C_23_CS C13.FR.02 offline a token that the list does not accept, or does not know, may not', async () => {
  const b = await listed([
    { idToken: 'BAD', info: { status: 'Invalid' } },
    { idToken: 'BLOCKED', info: { status: 'Blocked' } },
  ]);
  await b.offline();
  expect(await authorized(b, 'BAD')).toBe(false);
  expect(await authorized(b, 'BLOCKED')).toBe(false);
  expect(await authorized(b, 'STRANGER')).toBe(false);
});

test('C13.FR.04 C15.FR.08 with OfflineTxForUnknownIdEnabled strangers may, listed ones still only when Accepted', async () => {
  const entries = [
    { idToken: 'BAD', info: { status: 'Invalid' } },
    { idToken: 'GOOD', info: { status: 'Accepted', cacheExpiryDateTime: PAST } },
  ] as const;
  const variables = { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true', 'LocalAuthListCtrlr.SupportsExpiryDateTime': 'false' };
  for (const [idToken, may] of [
    ['BAD', false],
    ['GOOD', true],
    ['STRANGER', true],
  ] as const) {
    const b = await listed(entries, variables);
    await b.offline();
    expect(await authorized(b, idToken)).toBe(may);
  }
});

test.each([
  ['false', 'true'],
  ['true', 'false'],
] as const)(
  'C13.FR.02 C13.FR.05 TC_C_24_CS with SupportsExpiryDateTime %s an entry past its date is good: not %s',
  async (supports, _not) => {
    const b = await listed([{ idToken: 'OLD', info: { status: 'Accepted', cacheExpiryDateTime: PAST } }], {
      'LocalAuthListCtrlr.SupportsExpiryDateTime': supports,
    });
    await b.offline();
    expect(await authorized(b, 'OLD')).toBe(supports === 'false');
  },
);

test('C13.FR.05 C13.FR.06 an entry without a date does not expire; an expired one is no unknown token, so it may not even where strangers may', async () => {
  const entries = [
    { idToken: 'OLD', info: { status: 'Accepted', cacheExpiryDateTime: PAST } },
    { idToken: 'FOREVER', info: { status: 'Accepted' } },
  ] as const;
  for (const [idToken, may] of [
    ['OLD', false],
    ['FOREVER', true],
    ['STRANGER', true],
  ] as const) {
    const b = await listed(entries, { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' });
    await b.offline();
    expect(await authorized(b, idToken)).toBe(may);
  }
});

test('TC_C_25_CS C13.FR.01 the list counts more than the cache, also after a reboot', async () => {
  const b = await listed([{ idToken: CARD.idToken, info: { status: 'Blocked' } }]);
  await b.card();
  expect(b.csms.of('Authorize')).toHaveLength(1);
  await b.wait(70);
  await b.offline();
  expect(await authorized(b, CARD.idToken)).toBe(false);
  expect(b.disk.durable.get(`cache/ISO14443/${CARD.idToken}`)).toContain('Accepted');
});

test('C13.FR.01 LocalAuthListCtrlr.Enabled false: the list is not looked at', async () => {
  const b = await listed([{ idToken: 'GOOD', info: { status: 'Accepted' } }]);
  expect(await b.set('LocalAuthListCtrlr', 'Enabled', 'false')).toBe('Accepted');
  await b.offline();
  expect(await authorized(b, 'GOOD')).toBe(false);
});

test('C16.FR.05 a master pass of the list ends transactions, and still starts none', async () => {
  const master = { status: 'Accepted', groupIdToken: { idToken: 'MASTER', type: 'Central' } } as const;
  const b = await listed([{ idToken: 'BOSS', info: master }], { 'AuthCtrlr.MasterPassGroupId': 'MASTER' });
  expect(await authorized(b, 'BOSS')).toBe(false);
  await b.charging();
  await b.card({ idToken: 'BOSS', type: 'ISO14443' });
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', transactionInfo: { stoppedReason: 'MasterPass' } });
  expect(b.csms.of('Authorize').map(({ idToken }) => idToken.idToken)).not.toContain('BOSS');
});
