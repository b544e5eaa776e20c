import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { STORES, useStores } from '../store/testing/engines.ts';
import { event, minutes } from '../testing/events.ts';
import { HttpCsms } from './testing/http-csms.ts';

useStores();

/** Stations, transactions and commands enough for some pages of three. */
async function filled(csms: HttpCsms): Promise<void> {
  const { kernel } = csms.csms;
  await csms.api('POST', '/sites', { name: 'South', zone: 'Europe/Berlin', currency: 'EUR' });
  for (let n = 0; n < 10; n += 1)
    await csms.api('POST', '/stations', { id: `CS-${n}`, serialNumber: `SN${n}`, ...(n >= 8 ? { site: 2 } : {}) });
  for (let n = 0; n < 10; n += 1) {
    const station = csms.row(`CS-${n}`);
    await kernel.queue.commit([
      { k: 'connectionOpened', station, at: n * 1000, version: 'ocpp2.0.1', remote: '127.0.0.1' },
      {
        k: 'boot',
        station,
        epoch: 1,
        at: n * 1000,
        status: 'Accepted',
        interval: 300,
        request: {
          reason: 'PowerUp',
          chargingStation: { vendorName: n % 2 === 0 ? 'Nord' : '=Süd', model: `M${n % 3}`, firmwareVersion: `1.${n % 2}` },
        },
      },
      { k: 'connectionClosed', station, epoch: 1, at: n * 1000, code: 1001, reason: 'bye', lastSeen: n * 1000 },
      { k: 'status', station, epoch: 1, evse: 1, connector: 1, status: n === 4 ? 'Faulted' : 'Available', at: n },
      {
        k: 'securityEvent',
        station,
        at: n,
        receivedAt: n,
        type: n === 3 ? 'TamperDetectionActivated' : 'StartupOfTheDevice',
        critical: true,
        source: 'station',
      },
      { k: 'notice', station, at: n, receivedAt: n, action: 'NotifyEvent', body: '{"a":1}' },
    ]);
  }
  for (let n = 0; n < 12; n += 1) {
    const station = csms.row(`CS-${n % 3}`);
    const txid = n < 6 ? `aa-${n}` : `bb_${n}`;
    const one = (type: 'Started' | 'Ended', seqNo: number, wh: number, more: object = {}) => ({
      k: 'txEvent' as const,
      station,
      receivedAt: 0,
      request: { ...event(type, seqNo, { txid, wh, at: minutes(n * 10 + seqNo) }), ...more },
    });
    const idToken = { idToken: n % 2 === 0 ? 'AbCd' : 'Other', type: 'ISO14443' };
    await kernel.queue.commit([one('Started', 0, 0, { idToken })]);
    if (n !== 11) await kernel.queue.commit([one('Ended', n === 5 ? 2 : 1, 1000 * n)]);
  }
  for (let n = 0; n < 7; n += 1)
    await csms.api('POST', `/stations/CS-${n % 2}/calls/${n === 3 ? 'Reset' : 'ClearCache'}`, n === 3 ? { type: 'OnIdle' } : {});
}

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  let csms: HttpCsms;
  beforeAll(async () => {
    csms = await HttpCsms.start({ store: await make()() });
    await filled(csms);
  }, 60_000);
  afterAll(() => csms.close());

  const ids = async (query: string): Promise<string[]> => (await csms.all(`/transactions?limit=3&${query}`)).map((tx) => tx.transactionId);
  const stations = async (query: string): Promise<string[]> => (await csms.all(`/stations?limit=3&${query}`)).map(({ id }) => id);

  test('a page has no more than was asked for, the next one begins behind it, nothing stands twice', async () => {
    const first = await csms.api('GET', '/transactions?limit=5');
    expect(first.body).toHaveLength(5);
    expect(first.next).toContain('cursor=');
    const all = await ids('');
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
    expect(all[0]).toBe('bb_11'); // the newest start
    expect(await ids('order=asc')).toEqual(all.toReversed());
    expect((await csms.api('GET', '/transactions?limit=12')).next).toBeUndefined();
  });

  test('what comes while somebody reads moves nothing on his pages', async () => {
    const first = await csms.api('GET', '/transactions?limit=5');
    const before = await ids('');
    const request = event('Started', 0, { txid: 'while-reading', wh: 0, at: minutes(999) });
    await csms.csms.kernel.queue.commit([{ k: 'txEvent', station: csms.row('CS-9'), receivedAt: 0, request }]);
    const rest = await csms.all(first.next ?? '');
    expect([...first.body, ...rest].map((tx) => tx.transactionId)).toEqual(before);
    await csms.csms.kernel.queue.commit([
      { k: 'txFact', station: csms.row('CS-9'), txid: 'while-reading', fact: { kind: 'operatorClose', at: 0, reason: 'r', actor: 'a' } },
    ]);
  });

  test('transactions by each filter', async () => {
    expect(await ids('state=active')).toEqual(['bb_11']);
    expect((await ids('stationId=CS-1')).toSorted()).toEqual(['aa-1', 'aa-4', 'bb_10', 'bb_7']);
    expect((await ids('type=ISO14443&idToken=ABCD')).length).toBe(6); // identifierString compares without case
    expect(await ids('q=aa-')).toEqual(['aa-5', 'aa-4', 'aa-3', 'aa-2', 'aa-1', 'aa-0']);
    expect(await ids('q=bb%25')).toEqual([]);
    expect(await ids('bill=provisional')).toEqual(['bb_11', 'aa-5']);
    expect((await ids('completeness=incomplete')).toSorted()).toEqual(['aa-5', 'bb_11', 'while-reading']);
    expect(await ids('minEnergyWh=9000&state=ended')).toEqual(['bb_10', 'bb_9']);
    expect(await ids('stoppedReason=Local')).toHaveLength(11);
    expect(await ids('stoppedReason=EmergencyStop')).toEqual([]);
    const { body } = await csms.api('GET', '/transactions/CS-2/aa-2');
    const from = encodeURIComponent(body.startedAt);
    expect((await ids(`until=${from}`)).toSorted()).toEqual(['aa-0', 'aa-1']);
    expect(await ids(`from=${from}&q=aa`)).toEqual(['aa-5', 'aa-4', 'aa-3', 'aa-2']);
    expect(await ids('site=2')).toEqual(['while-reading']);
    expect((await ids('site=1')).length).toBe(12);
  });

  test('sorted by energy: those that are over, most first', async () => {
    const all = await csms.all('/transactions?limit=4&sort=energy');
    expect(all.map((tx) => tx.energyWh)).toEqual([10_000, 9000, 8000, 7000, 6000, 5000, 4000, 3000, 2000, 1000, 0, 0].slice(0, all.length));
    expect(all.some((tx) => tx.state === 'active')).toBe(false);
    expect((await csms.api('GET', '/transactions?sort=energy&order=asc&limit=1')).body).toMatchObject([{ energyWh: 0 }]);
  });

  test('a late event that changes a bill changes its place in the list', async () => {
    const station = csms.row('CS-5');
    const at = (n: number) => minutes(2000 + n);
    const commit = (type: 'Started' | 'Ended', seqNo: number, wh: number) =>
      csms.csms.kernel.queue.commit([
        { k: 'txEvent', station, receivedAt: 0, request: event(type, seqNo, { txid: 'late', wh, at: at(seqNo) }) },
      ]);
    await commit('Ended', 1, 90_000);
    expect(await ids('q=late&completeness=incomplete')).toEqual(['late']);
    await commit('Started', 0, 1000);
    expect(await ids('q=late&completeness=complete')).toEqual(['late']);
    expect((await csms.api('GET', '/transactions?sort=energy&limit=1')).body).toMatchObject([{ transactionId: 'late', energyWh: 89_000 }]);
  });

  test('stations by each filter and order', async () => {
    expect(await stations('')).toHaveLength(10);
    expect(await stations('q=sn7')).toEqual(['CS-7']);
    expect(await stations('q=nord&model=M0')).toEqual(['CS-0', 'CS-6']);
    expect(await stations('firmware=1.1')).toEqual(['CS-1', 'CS-3', 'CS-5', 'CS-7', 'CS-9']);
    expect(await stations('status=Faulted')).toEqual(['CS-4']);
    expect(await stations('site=2')).toEqual(['CS-8', 'CS-9']);
    expect(await stations('state=connected')).toEqual([]);
    expect(await stations('state=offline&sort=lastSeen')).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `CS-${n}`));
    expect((await stations('sort=firmwareVersion')).slice(0, 6)).toEqual(['CS-0', 'CS-2', 'CS-4', 'CS-6', 'CS-8', 'CS-1']);
    expect(await stations('order=desc')).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `CS-${n}`));
    expect((await csms.api('GET', '/stations?q=CS-4')).body).toMatchObject([{ id: 'CS-4', site: 1, connectors: [{ status: 'Faulted' }] }]);
  });

  test('commands of all stations with request, answer and reason, in one shape everywhere', async () => {
    const all = await csms.all('/commands?limit=3');
    expect(all).toHaveLength(7);
    expect(all[0]).toMatchObject({
      stationId: 'CS-0',
      action: 'ClearCache',
      state: 'notSent',
      reason: 'not-connected',
      actor: 'key:first',
      request: {},
    });
    expect(all.every(({ createdAt, endedAt, sentAt }) => createdAt !== null && endedAt !== null && sentAt === null)).toBe(true);
    const [reset] = await csms.all('/commands?action=Reset&state=notSent&origin=person&actor=key:first&since=2020-01-01T00:00:00Z');
    expect(reset).toMatchObject({ request: { type: 'OnIdle' } });
    expect((await csms.api('GET', `/commands/${reset.commandId}`)).body).toEqual(reset);
    expect(await csms.all('/stations/CS-1/commands?action=Reset')).toEqual([reset]);
    expect(await csms.all('/commands?stationId=CS-0')).toHaveLength(4);
    expect(await csms.all('/commands?state=answered')).toEqual([]);
  });

  test('a job for many over the interface: begun, looked at, its stations in pages, over', async () => {
    const begun = await csms.api('POST', '/bulk', { filter: { site: 2 }, action: { kind: 'call', action: 'ClearCache', payload: {} } });
    expect(begun).toMatchObject({ status: 202, body: { total: 2, useCases: ['C11'], offline: 'refuse' } });
    const path = `/bulk/${begun.body.bulkId}`;
    await expect.poll(async () => (await csms.api('GET', path)).body.state, { timeout: 5000 }).toBe('done');
    expect((await csms.api('GET', path)).body).toMatchObject({
      counts: { failed: 2 },
      stations: [{ state: 'failed', reason: 'not-connected' }, {}],
    });
    expect((await csms.all(`${path}/stations?limit=1`)).map(({ stationId }) => stationId)).toEqual(['CS-8', 'CS-9']);
    expect(await csms.all('/bulk?limit=1')).toMatchObject([{ bulkId: begun.body.bulkId }]);
    expect((await csms.api('POST', `${path}/stop`)).status).toBe(409);
    expect((await csms.api('GET', '/bulk/nothing')).status).toBe(404);
    expect((await csms.api('POST', '/bulk', { filter: {}, action: { kind: 'explode' } })).status).toBe(422);
    expect((await csms.api('GET', `${path}/stations?format=csv`)).text.trimEnd().split('\r\n')).toHaveLength(3);
  });

  test('security events, links, notices and tokens in pages', async () => {
    expect(await csms.all('/security-events?limit=3')).toHaveLength(10);
    expect(await csms.all('/security-events?type=TamperDetectionActivated&critical=true')).toMatchObject([{ stationId: 'CS-3' }]);
    expect(await csms.all('/stations/CS-3/security-events')).toHaveLength(1);
    expect(await csms.all('/stations/CS-3/connections')).toMatchObject([{ epoch: 1, closeCode: 1001, closeReason: 'bye' }]);
    expect(await csms.all('/stations/CS-3/notices')).toMatchObject([{ action: 'NotifyEvent', body: { a: 1 } }]);
    for (const [type, id, group] of [
      ['ISO14443', 'AA11', 'FLEET'],
      ['ISO14443', 'aa12', 'FLEET'],
      ['ISO14443', 'BB_1', ''],
      ['eMAID', 'AA99', ''],
    ] as const)
      await csms.api('PUT', `/tokens/${type}/${id}`, {
        status: id === 'BB_1' ? 'Blocked' : 'Accepted',
        ...(group === '' ? {} : { groupIdToken: { idToken: group } }),
      });
    expect((await csms.all('/tokens?limit=1')).map(({ idToken }) => idToken)).toEqual(['AA11', 'aa12', 'BB_1', 'AA99']);
    expect((await csms.all('/tokens?q=a1&limit=1')).map(({ idToken }) => idToken)).toEqual(['AA11', 'aa12']);
    expect((await csms.all('/tokens?q=b_')).map(({ idToken }) => idToken)).toEqual(['BB_1']); // a letter, no wildcard
    expect(await csms.all('/tokens?group=FLEET')).toHaveLength(2);
    expect((await csms.all('/tokens?status=Blocked')).map(({ idToken }) => idToken)).toEqual(['BB_1']);
  });

  test('the same list as CSV, by parameter and by Accept, with what a spreadsheet would run defused', async () => {
    const csv = await csms.api('GET', '/stations?format=csv&limit=2&model=M1');
    expect(csv.headers['content-type']).toContain('text/csv');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^id,site,serialNumber,vendorName,model/);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain("'=Süd");
    const accepted = await csms.api('GET', '/stations?model=M1', undefined, { accept: 'text/csv' });
    expect(accepted.text).toBe(csv.text);
    for (const path of [
      '/transactions',
      '/commands',
      '/security-events',
      '/tokens',
      '/stations/CS-3/connections',
      '/stations/CS-3/notices',
      '/firmware',
    ])
      expect(
        (await csms.api('GET', `${path}${path.includes('?') ? '&' : '?'}format=csv`)).text.split('\r\n').length,
      ).toBeGreaterThanOrEqual(2);
    expect((await csms.api('GET', '/transactions?format=csv&q=aa')).text.trimEnd().split('\r\n')).toHaveLength(7);
    const [{ stationId, transactionId }] = (await csms.api('GET', '/transactions?limit=1')).body;
    const curve = await csms.api('GET', `/transactions/${stationId}/${transactionId}/series?format=csv`);
    expect(curve.headers['content-disposition']).toBe('attachment; filename="series.csv"');
    expect(curve.text.split('\r\n')[0]).toBe('at,powerW,offeredW,currentA,voltageV,socPercent');
  });

  test('somebody who may see one site sees nothing else in any list', async () => {
    const { kernel } = csms.csms;
    for (const id of ['CS-0', 'CS-9']) kernel.messages.record(id, 'in', '[2,"1","Heartbeat",{}]');
    await kernel.queue.commit([
      { k: 'txEvent', station: csms.row('CS-9'), receivedAt: 0, request: event('Started', 0, { txid: 'south', wh: 0, at: minutes(5000) }) },
    ]);
    const spy = vi.spyOn(csms.http.access, 'of').mockImplementation(() => limited);
    const limited: ReturnType<typeof csms.http.access.of> & { sites: ReadonlySet<number> } = {
      actor: 'south',
      kind: 'key',
      role: 'admin',
      id: 'k',
      credential: 'k',
      sites: new Set([2]),
    };
    try {
      expect(await stations('')).toEqual(['CS-8', 'CS-9']);
      expect(await stations('site=1')).toEqual([]);
      expect(new Set((await csms.all('/transactions')).map(({ stationId }) => stationId))).toEqual(new Set(['CS-9']));
      expect(await csms.all('/transactions?site=1')).toEqual([]);
      expect(new Set((await csms.all('/commands')).map(({ stationId }) => stationId))).toEqual(new Set(['CS-8', 'CS-9']));
      expect((await csms.all('/security-events')).map(({ stationId }) => stationId)).toEqual(['CS-9', 'CS-8']);
      expect((await csms.all('/messages')).map(({ stationId }) => stationId)).toEqual(['CS-9']);
      expect((await csms.all('/messages?view=pairs')).map(({ stationId }) => stationId)).toEqual(['CS-9']);
      limited.sites = new Set();
      expect(await csms.all('/transactions')).toEqual([]);
    } finally {
      spy.mockRestore();
    }
  });

  test.each([
    ['/transactions?cursor=nonsense'],
    [`/transactions?cursor=${Buffer.from('["a","b"]').toString('base64url')}`],
    [`/commands?cursor=${Buffer.from('[1]').toString('base64url')}`],
    ['/transactions?type=ISO14443'],
    ['/transactions?from=yesterday'],
    ['/stations?sort=password'],
    ['/transactions?limit=1001'],
    ['/commands?state=perhaps'],
  ])('%s is refused', async (path) => {
    expect((await csms.api('GET', path)).status).toBe(422);
  });
});
