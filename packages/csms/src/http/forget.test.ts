import { systemClock } from '@busbar/runtime/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recompute } from '../store/archive/recompute.ts';
import { DirectStore, memoryDatabase } from '../store/direct-store.ts';
import { runNow } from '../store/sql.ts';
import { STORES, useStores } from '../store/testing/engines.ts';
import { event, minutes } from '../testing/events.ts';
import { HttpCsms } from './testing/http-csms.ts';

useStores();

const TOKEN = { idToken: 'DeadBeef', type: 'ISO14443', additionalInfo: [{ additionalIdToken: 'contract-of-Jane', type: 'x' }] };

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  let csms: HttpCsms;
  beforeAll(async () => {
    csms = await HttpCsms.start({ store: await make()() });
  }, 60_000);
  afterAll(() => csms.close());

  const commit = (...intents: Parameters<typeof csms.csms.kernel.queue.commit>[0]) => csms.csms.kernel.queue.commit(intents);
  const session = async (station: number, txid: string, start: object, stop: object = {}, authorized = 'DeadBeef') => {
    const one = (type: 'Started' | 'Updated' | 'Ended', seqNo: number, wh: number, more: object) => ({
      k: 'txEvent' as const,
      station,
      receivedAt: 0,
      request: { ...event(type, seqNo, { txid, wh, at: minutes(seqNo) }), ...more },
    });
    await commit(
      {
        ...one('Started', 0, 0, start),
        authorization: {
          idToken: authorized,
          type: 'ISO14443',
          info: { status: 'Accepted', personalMessage: { format: 'UTF8', content: 'Hello Jane' } },
        },
      },
      one('Updated', 1, 500, {}),
      one('Ended', 2, 1000, stop),
    );
  };

  test('a driver is forgotten: his token stands nowhere, bills and sums are what they were, the rest is untouched', async () => {
    await csms.api('POST', '/stations', { id: 'CS-1' });
    const station = csms.row('CS-1');
    await csms.api('PUT', '/tokens/ISO14443/DeadBeef', { status: 'Accepted' });
    for (let n = 0; n < 30; n += 1) await session(station, `his-${n}`, { idToken: TOKEN });
    await session(
      station,
      'stopped-by-him',
      { idToken: { idToken: 'Other', type: 'ISO14443' } },
      { idToken: { ...TOKEN, idToken: 'DEADBEEF' } },
    );
    await session(station, 'not-his', { idToken: { idToken: 'Other', type: 'ISO14443' } }, {}, 'Other');
    await commit({
      k: 'txEvent',
      station,
      receivedAt: 0,
      request: { ...event('Ended', 2, { txid: 'his-0', wh: 1001, at: minutes(2) }), idToken: TOKEN }, // another body under its number
    });
    await commit({
      k: 'notice',
      station,
      at: 0,
      receivedAt: 0,
      action: 'X',
      body: JSON.stringify({ deep: [{ who: TOKEN }], text: 'deadbeefcafe' }),
    });
    await csms.api('POST', '/stations/CS-1/calls/RequestStartTransaction', {
      evseId: 1,
      idToken: { idToken: 'deadbeef', type: 'ISO14443' },
    });
    await commit({
      k: 'invalidEvent',
      station,
      receivedAt: 0,
      hash: 'h',
      text: '[2,"1","TransactionEvent",{"idToken":{"idToken":"DeadBeef',
      error: 'e',
    });
    const bills = (await csms.all('/transactions')).map(({ idToken: _idToken, ...bill }) => bill);
    const others = await csms.api('GET', '/transactions/CS-1/not-his/events');

    const erased = await csms.api('POST', '/tokens/ISO14443/deadbeef/erase', { reason: 'his right' });
    expect(erased).toMatchObject({ status: 200, body: { transactions: 31, messageLogUntil: expect.any(String) } });

    const all = await csms.all('/transactions');
    expect(all.map(({ idToken: _idToken, ...bill }) => bill)).toEqual(bills);
    const seen = JSON.stringify([
      all,
      await Promise.all(all.map(({ transactionId }) => csms.api('GET', `/transactions/CS-1/${transactionId}/events`))),
      await csms.all('/commands'),
      await csms.all('/stations/CS-1/notices'),
      (await csms.api('GET', '/stations/CS-1/invalid-events')).body,
      (await csms.api('GET', '/audit')).body,
    ]);
    expect(seen.replaceAll('deadbeefcafe', '')).not.toMatch(/deadbeef|jane/i);
    expect(new Set(seen.match(/erased-[0-9a-f]{24}/g)).size).toBe(1);
    expect(await csms.all('/transactions?type=ISO14443&idToken=DeadBeef')).toEqual([]);
    expect((await csms.api('GET', '/transactions/CS-1/not-his/events')).body).toEqual(others.body);
    expect((await csms.api('GET', '/tokens/ISO14443/DeadBeef')).status).toBe(404);
    expect(await csms.csms.kernel.read.authorization(station, 'his-1', 'ISO14443', 'DeadBeef')).toBeUndefined();
    expect((await csms.api('POST', '/tokens/ISO14443/deadbeef/erase', { reason: 'again' })).body).toMatchObject({ code: 'token-unknown' });
    expect((await csms.api('POST', '/tokens/ISO14443/deadbeef/erase', {})).status).toBe(422);
    // The ledger goes on with what it has: a repeated event is known, a late one is folded in.
    await commit({ k: 'txEvent', station, receivedAt: 0, request: event('Updated', 1, { txid: 'his-3', wh: 500, at: minutes(1) }) });
    expect((await csms.api('GET', '/transactions/CS-1/his-3')).body).toMatchObject({ events: 3, completeness: 'complete', energyWh: 1000 });
  });

  test('another machine under the same id: what the old one told and could is gone, its ledger is not', async () => {
    const made = await csms.api('POST', '/stations', { id: 'CS-2', serialNumber: 'OLD' });
    const station = csms.row('CS-2');
    await session(station, 'tx', {});
    await commit(
      { k: 'connectionOpened', station, at: 0, version: 'ocpp2.0.1', remote: 'r' },
      {
        k: 'boot',
        station,
        epoch: 1,
        at: 0,
        status: 'Accepted',
        interval: 1,
        request: { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
      },
      { k: 'status', station, epoch: 1, evse: 1, connector: 1, status: 'Available', at: 0 },
      { k: 'variables', station, at: 0, rows: [{ component: 'C', variable: 'V', attribute: 'Actual', value: '1' }] },
      {
        k: 'certificatePut',
        certificate: {
          station,
          use: 'ChargingStationCertificate',
          serial: 'ab',
          issuer: 'i',
          subject: 's',
          notBefore: 0,
          notAfter: 1,
          chain: 'c',
          state: 'installed',
          issuedAt: 0,
        },
      },
    );
    const { status, body } = await csms.api('POST', '/stations/CS-2/replace-hardware', { reason: 'burnt', serialNumber: 'NEW' });
    expect({ status, password: body.password }).toEqual({ status: 200, password: expect.stringMatching(/^\w{24}$/) });
    expect(body.password).not.toBe(made.body.password);
    const now = await csms.api('GET', '/stations/CS-2');
    expect(now.body).toMatchObject({
      serialNumber: 'NEW',
      model: null,
      vendorName: null,
      registration: null,
      bootAt: null,
      connectors: [],
    });
    expect(await csms.csms.kernel.read.station('CS-2')).toMatchObject({ serialNumber: 'NEW', model: null, registration: null });
    expect((await csms.api('GET', '/stations/CS-2/variables')).body).toEqual([]);
    expect((await csms.api('GET', '/stations/CS-2/certificates')).body.issued).toMatchObject([
      { state: 'revoked', reason: 'hardware replaced: burnt' },
    ]);
    expect((await csms.api('GET', '/transactions/CS-2/tx')).body).toMatchObject({ energyWh: 1000, bill: 'final' });
    expect((await csms.api('GET', '/audit')).body).toContainEqual(expect.objectContaining({ action: 'replaceHardware', reason: 'burnt' }));
  });

  test('a station with transactions is retired: in no list but its own, its ledger stays, its id is taken', async () => {
    await csms.api('POST', '/stations', { id: 'CS-3' });
    await session(csms.row('CS-3'), 'tx', {});
    expect((await csms.api('DELETE', '/stations/CS-3')).body).toMatchObject({ code: 'station-has-transactions' });
    expect((await csms.api('DELETE', '/stations/CS-3?withTransactions=retire')).status).toBe(204);
    expect((await csms.all('/stations')).map(({ id }) => id)).not.toContain('CS-3');
    expect(await csms.all('/stations?state=retired')).toMatchObject([{ id: 'CS-3', approval: 'retired' }]);
    expect((await csms.api('GET', '/transactions/CS-3/tx')).body).toMatchObject({ bill: 'final' });
    expect((await csms.api('POST', '/stations', { id: 'CS-3' })).body).toMatchObject({ code: 'station-exists' });
    expect((await csms.csms.kernel.read.station('CS-3'))?.approval).toBe('retired');
    await csms.api('POST', '/stations', { id: 'CS-4' });
    expect((await csms.api('DELETE', '/stations/CS-4?withTransactions=retire')).status).toBe(204);
    expect((await csms.api('GET', '/stations/CS-4')).status).toBe(404); // there was nothing to keep
  });
});

test('rows made anew from erased events are the stored ones', async () => {
  const database = memoryDatabase();
  const store = new DirectStore(database, systemClock, () => 0);
  const csms = await HttpCsms.start({ store });
  await csms.api('POST', '/stations', { id: 'CS-1' });
  const station = csms.row('CS-1');
  for (const [seqNo, type] of (['Started', 'Updated', 'Ended', 'Ended'] as const).entries())
    await csms.csms.kernel.queue.commit([
      {
        k: 'txEvent',
        station,
        receivedAt: 0,
        request: { ...event(type, Math.min(seqNo, 2), { txid: 'tx', wh: seqNo * 100, at: minutes(seqNo) }), idToken: TOKEN },
      },
    ]);
  await csms.api('POST', '/tokens/ISO14443/deadbeef/erase', { reason: 'r' });
  const result = runNow(recompute(100), (step) => {
    if (!('sql' in step)) throw new Error('only statements');
    return { rows: database.prepare(step.sql).all(...step.values), changes: 0 };
  });
  expect(result).toEqual({ transactions: 1, differing: [] });
  await csms.close();
});
