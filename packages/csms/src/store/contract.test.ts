import { join } from 'node:path';
import { BusbarError, silentLog } from '@busbar/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../testing/events.ts';
import type { Intent } from './intents.ts';
import { claimFolder, openDatabase } from './sqlite/database.ts';
import { StoreFailure } from './store.ts';
import { commit, folder, STORES, station, useStores } from './testing/engines.ts';
import { WorkerStore } from './worker-store.ts';

useStores();

const tx = (row: number, request: ReturnType<typeof event>): Intent => ({ k: 'txEvent', station: row, receivedAt: minutes(99), request });

describe.each(STORES)('%s', { timeout: 60_000 }, (name, make) => {
  test('A00.FR.508 certificates: stored once by issuer and serial number, revoked for good, over restarts', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const certificate = {
      station: row,
      use: 'ChargingStationCertificate',
      serial: 'ab',
      issuer: 'i1',
      subject: 'SN',
      notBefore: 0,
      notAfter: 1000,
      chain: 'PEM',
      state: 'issued',
      issuedAt: 5,
    } as const;
    const outcomes = await commit(store, { k: 'certificatePut', certificate }, { k: 'certificatePut', certificate });
    expect(outcomes.map(({ result }) => result)).toEqual(['new', 'duplicate']);
    const state = { k: 'certificateState', issuer: 'i1', serial: 'ab' } as const;
    await commit(store, { ...state, state: 'installed', at: 6 });
    expect(await store.read.certificatesEnding(1001)).toHaveLength(1);
    expect(await store.read.certificatesEnding(1000)).toEqual([]);
    await commit(store, { ...state, state: 'revoked', at: 7, reason: 'lost' });
    const [again] = await commit(store, { ...state, state: 'installed', at: 8 });
    expect(again?.result).toBe('notFound');
    await store.close();
    store = await open();
    expect(await store.read.certificates(row)).toMatchObject([{ ...certificate, state: 'revoked', revokedAt: 7, reason: 'lost' }]);
    expect([await store.read.isRevoked('i1', 'ab'), await store.read.isRevoked('i2', 'ab')]).toEqual([true, false]);
    await commit(store, { k: 'serialRevoked', issuer: 'i2', serial: 'ab', at: 9, reason: 'CRL' });
    expect(await store.read.isRevoked('i2', 'ab')).toBe(true);
    await store.close();
  });

  test('A04 a security event that is told again is the same one; jobs keep their last step and end once', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const told = { k: 'securityEvent', station: row, at: 1, receivedAt: 2, type: 'X', critical: true, source: 'station' } as const;
    const outcomes = await commit(store, told, { ...told, receivedAt: 3 }, { ...told, techInfo: 'other' }, { ...told, source: 'csms' });
    expect(outcomes.map(({ result }) => result)).toEqual(['new', 'duplicate', 'new', 'new']);
    const job = {
      id: 'j',
      station: row,
      kind: 'upgradeProfile',
      state: 'running',
      step: 'a',
      detail: '{}',
      actor: 't',
      createdAt: 1,
      updatedAt: 1,
      reason: null,
    } as const;
    await commit(store, { k: 'jobPut', job }, { k: 'jobPut', job: { ...job, step: 'b' } });
    await store.close();
    store = await open();
    expect(await store.read.runningJobs()).toMatchObject([{ step: 'b' }]);
    await commit(store, { k: 'jobPut', job: { ...job, state: 'done' } });
    const [late] = await commit(store, { k: 'jobPut', job: { ...job, state: 'failed' } });
    expect(late?.result).toBe('notFound');
    expect(await store.read.job('j')).toMatchObject({ state: 'done' });
    await store.close();
  });

  test('D25 tariffs keep every version, assignments their history, sites their zone; over restarts', async () => {
    const open = make();
    let store = await open();
    const put = { k: 'tariffPut', id: 't', validFrom: 10, body: '{"n":1}', at: 5 } as const;
    const outcomes = await commit(store, put, { ...put, validFrom: 20, body: '{"n":2}' }, { ...put, id: 'other' });
    expect(outcomes.map(({ result, assigned }) => [result, assigned])).toEqual([
      ['new', 1],
      ['new', 2],
      ['new', 1],
    ]);
    const assignment = { scope: 'station', target: 'CS1', validFrom: 10, tariff: 't' } as const;
    await commit(
      store,
      { k: 'tariffAssign', assignment: { ...assignment, validFrom: 30, tariff: null } },
      { k: 'tariffAssign', assignment },
      { k: 'tariffAssign', assignment: { ...assignment, tariff: 'other' } },
    );
    const site = { name: 'Harbour', zone: 'Europe/Oslo', currency: 'NOK', latitude: 59.9, longitude: null };
    const [made] = await commit(store, { k: 'sitePut', site });
    const id = made?.assigned ?? 0;
    const patched = await commit(
      store,
      { k: 'sitePatch', id, patch: { name: 'Quay' } },
      { k: 'sitePatch', id: 999, patch: { name: 'Nowhere' } },
      { k: 'sitePatch', id, patch: {} },
    );
    expect(patched.map(({ result }) => result)).toEqual(['done', 'notFound', 'done']);
    await store.close();
    store = await open();
    expect(await store.read.tariffs()).toEqual([
      { id: 'other', version: 1, validFrom: 10, body: '{"n":1}', createdAt: 5 },
      { id: 't', version: 1, validFrom: 10, body: '{"n":1}', createdAt: 5 },
      { id: 't', version: 2, validFrom: 20, body: '{"n":2}', createdAt: 5 },
    ]);
    expect(await store.read.tariffAssignments()).toEqual([
      { ...assignment, tariff: 'other' },
      { ...assignment, validFrom: 30, tariff: null },
    ]);
    expect(await store.read.sites()).toMatchObject([
      { id: 1, zone: 'UTC' },
      { ...site, id, name: 'Quay' },
    ]);
    await store.close();
  });

  test('transactions that ended in a span of time come oldest first', async () => {
    const store = await make()();
    const row = await station(store);
    for (const [txid, end] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      for (const request of [event('Started', 0, { txid }), event('Ended', end, { txid })]) await commit(store, tx(row, request));
    const ended = async (filter: object) => (await store.read.transactions({ afterId: 0, limit: 9, ...filter })).map(({ txid }) => txid);
    expect(await ended({})).toEqual(['a', 'b', 'c']);
    expect(await ended({ endedSince: minutes(2), endedUntil: minutes(3) })).toEqual(['b']);
    const [first] = await store.read.transactions({ afterId: 0, limit: 1 });
    expect(await ended({ afterId: first?.id })).toEqual(['b', 'c']);
    await store.close();
  });

  test('T1 a repeated event is a duplicate, however often and over restarts; the row stays', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const requests = session(3);
    for (const request of requests) expect((await commit(store, tx(row, request)))[0]?.result).toBe('new');
    const before = await store.read.transaction(row, 'tx-1');
    await store.close();
    store = await open();
    for (const request of requests) expect((await commit(store, tx(row, { ...request, offline: true })))[0]?.result).toBe('duplicate');
    const after = await store.read.transaction(row, 'tx-1');
    expect(after).toEqual(before);
    expect(await store.read.events(after?.id ?? 0)).toHaveLength(4);
    await store.close();
  });

  test('any permutation, duplication and partition into restarts gives the identical row and bill', async () => {
    const requests = [
      ...session(9),
      event('Updated', 10, { wh: 3000, at: minutes(12) }),
      { ...event('Updated', 4, { wh: 1450, at: minutes(4) + 1 }) },
    ];
    const reference = make();
    const first = await reference();
    const row = await station(first);
    for (const request of requests) await commit(first, tx(row, request));
    const expected = await first.read.transaction(row, 'tx-1');
    await first.close();
    const arrival = fc.record({
      order: fc.shuffledSubarray(requests, { minLength: requests.length }),
      again: fc.array(fc.nat(requests.length - 1), { maxLength: 4 }),
      restart: fc.nat(requests.length),
    });
    await fc.assert(
      fc.asyncProperty(arrival, async ({ order, again, restart }) => {
        const open = make();
        let store = await open();
        const own = await station(store);
        for (const [index, request] of [...order, ...again.map((i) => order[i] ?? order[0] ?? event('Updated', 0))].entries()) {
          if (index === restart) {
            await store.close();
            store = await open();
          }
          await commit(store, tx(own, request));
        }
        const record = await store.read.transaction(own, 'tx-1');
        expect(record?.row).toEqual(expected?.row);
        expect(record?.bill).toEqual(expected?.bill);
        const stored = (await store.read.events(record?.id ?? 0)).map(({ request }) => request);
        expect(stored).toHaveLength(requests.length);
        for (const request of requests) expect(stored).toContainEqual({ ...request, timestamp: request.timestamp });
        await store.close();
      }),
      { numRuns: name.includes('worker') ? 3 : 15 }, // the file behind the worker costs an fsync per event
    );
  });

  test('a stored event reads back as it came, with everything in it', async () => {
    const store = await make()();
    const row = await station(store);
    const rich = event('Started', 0, {
      wh: 12.345,
      evse: { id: 2, connectorId: 1, customData: { vendorId: 'v', deep: { a: [1] } } },
      offline: true,
      numberOfPhasesUsed: 3,
      cableMaxCurrent: 32,
      reservationId: 7,
      idToken: { idToken: 'A', type: 'ISO14443', additionalInfo: [{ additionalIdToken: 'B', type: 'own' }] },
      customData: { vendorId: 'org.example', anything: [true, null] },
      info: { chargingState: 'Charging', remoteStartId: 5, timeSpentCharging: 9 },
    });
    await commit(store, tx(row, rich));
    const record = await store.read.transaction(row, 'tx-1');
    expect((await store.read.events(record?.id ?? 0))[0]?.request).toEqual(rich);
    await store.close();
  });

  test('signed meter values are kept byte for byte', async () => {
    const store = await make()();
    const row = await station(store);
    const signedMeterData = 'T0NNRnx7IlJWIjoxMjM0NS42N318eyJTRCI6ICIzMDQ1In0=';
    const signed = event('Ended', 0, {
      meterValue: [
        {
          timestamp: '2027-01-15T08:00:00.000Z',
          sampledValue: [
            { value: 1, signedMeterValue: { signedMeterData, encodingMethod: 'OCMF', signingMethod: '', publicKey: 'b2NhOmJhc2UxNg==' } },
          ],
        },
      ],
    });
    await commit(store, tx(row, signed));
    const record = await store.read.transaction(row, 'tx-1');
    expect((await store.read.events(record?.id ?? 0))[0]?.request).toEqual(signed);
    await store.close();
  });

  test('T7 two EVSEs at once: an Updated without evse belongs to its transaction', async () => {
    const store = await make()();
    const row = await station(store);
    await commit(
      store,
      tx(row, event('Started', 0, { txid: 'a', evse: { id: 1 }, wh: 0 })),
      tx(row, event('Started', 0, { txid: 'b', evse: { id: 2 }, wh: 100 })),
    );
    await commit(store, tx(row, event('Updated', 1, { txid: 'b', wh: 150 })), tx(row, event('Updated', 1, { txid: 'a', wh: 7 })));
    expect((await store.read.transaction(row, 'a'))?.row).toMatchObject({ evse: 1, lastMWh: 7_000 });
    expect((await store.read.transaction(row, 'b'))?.row).toMatchObject({ evse: 2, lastMWh: 150_000 });
    await store.close();
  });

  test('T8 two stations with the same transactionId are two transactions', async () => {
    const store = await make()();
    const [one, two] = [await station(store, 'CS1'), await station(store, 'CS2')];
    await commit(store, tx(one, event('Started', 0, { wh: 1 })), tx(two, event('Started', 17, { wh: 2 })));
    expect((await store.read.transaction(one, 'tx-1'))?.row).toMatchObject({ firstSeq: 0, beginMWh: 1_000 });
    expect((await store.read.transaction(two, 'tx-1'))?.row).toMatchObject({ firstSeq: 17, beginMWh: 2_000 });
    await store.close();
  });

  test.each([5, 50, 500])('T10 %d stations that start at once are all stored, in one go', async (count) => {
    const store = await make()();
    const rows = await Promise.all(Array.from({ length: count }, (_, i) => station(store, `CS${i}`)));
    const results = await Promise.all(rows.map((row) => store.commit([[tx(row, event('Started', 0, { wh: 1, txid: `tx-${row}` }))]])));
    expect(results.flat().every((result) => !(result instanceof StoreFailure) && result[0]?.result === 'new')).toBe(true);
    expect(await store.read.transactions({ limit: 1000 })).toHaveLength(count);
    await store.close();
  });

  test('one bad group fails alone; the others of its batch are stored', async () => {
    const store = await make()();
    const row = await station(store);
    const bad: Intent = { k: 'notice', station: row, at: Number.NaN, receivedAt: 0, action: 'x', body: '{}' };
    const results = await store.commit([
      [tx(row, event('Started', 0))],
      [tx(row, event('Updated', 1)), bad],
      [tx(row, event('Ended', 1, { wh: 5 }))],
    ]);
    expect(results.map((result) => result instanceof StoreFailure)).toEqual([false, true, false]);
    const record = await store.read.transaction(row, 'tx-1');
    expect(record?.row).toMatchObject({ events: 2, state: 'ended', anomalies: [] });
    await store.close();
  });

  test('a kind of sample that came first with a bad group is there for the next ones, also after a restart', async () => {
    const open = make();
    const store = await open();
    const row = await station(store);
    const bad: Intent = { k: 'notice', station: row, at: Number.NaN, receivedAt: 0, action: 'x', body: '{}' };
    const requests = session(2);
    const [first, ...others] = requests;
    if (first === undefined) throw new Error('no session');
    const [refused] = await store.commit([[tx(row, first), bad]]);
    expect(refused).toBeInstanceOf(StoreFailure);
    await commit(store, tx(row, first));
    for (const request of others) await commit(store, tx(row, request));
    await store.close();
    const again = await open();
    const record = await again.read.transaction(row, 'tx-1');
    expect((await again.read.events(record?.id ?? 0)).map(({ request }) => request)).toEqual(requests);
    await again.close();
  });

  test('T5 what an older socket still says never undoes what a newer one said', async () => {
    const store = await make()();
    const row = await station(store);
    const open: Intent = { k: 'connectionOpened', station: row, at: 0, version: 'ocpp2.1', remote: '127.0.0.1' };
    const [first] = await commit(store, open);
    const [second] = await commit(store, open);
    expect([first?.assigned, second?.assigned]).toEqual([1, 2]);
    const status = (epoch: number, word: string): Intent => ({
      k: 'status',
      station: row,
      epoch,
      evse: 1,
      connector: 1,
      status: word,
      at: epoch,
    });
    await commit(store, status(2, 'Occupied'), status(1, 'Available'), {
      k: 'connectionClosed',
      station: row,
      epoch: 1,
      at: 5,
      code: 1006,
      reason: 'late',
      lastSeen: 5,
    });
    expect((await store.read.connectors(row))[0]?.status).toBe('Occupied');
    expect(await store.read.station('CS1')).toMatchObject({ connected: true, epoch: 2 });
    expect((await store.read.connections(row, 10)).map(({ closeCode }) => closeCode)).toEqual([null, 1006]);
    await store.close();
  });

  test('T23 an invalid event is stored once however often it comes, and its transaction waits until it is repaired', async () => {
    const store = await make()();
    const row = await station(store);
    const [started, broken, ended] = session(2);
    if (started === undefined || broken === undefined || ended === undefined) throw new Error('three events');
    const invalid: Intent = {
      k: 'invalidEvent',
      station: row,
      receivedAt: 1,
      hash: 'h1',
      text: '[2,"x","TransactionEvent",{}]',
      error: 'bad',
      txid: 'tx-1',
      seq: 1,
    };
    await commit(store, invalid); // before its Started: the transaction is not known yet
    expect((await commit(store, invalid))[0]?.result).toBe('duplicate');
    await commit(store, tx(row, started), tx(row, ended));
    expect((await store.read.transaction(row, 'tx-1'))?.bill).toMatchObject({ bill: 'provisional', missingSeqNos: [] });
    const [kept] = await store.read.invalidEvents(row);
    expect(kept).toMatchObject({ times: 2, state: 'open', seq: 1 });
    await commit(
      store,
      { k: 'invalidResolved', station: row, id: kept?.id ?? 0, how: 'repaired', at: 9, actor: 'ada', reason: 'typo' },
      tx(row, broken),
    );
    expect((await store.read.transaction(row, 'tx-1'))?.bill).toMatchObject({
      bill: 'final',
      completeness: 'complete',
      energyMWh: 201_000,
    });
    expect(await store.read.audit({ limit: 10 })).toMatchObject([{ actor: 'ada', reason: 'typo' }]);
    await store.close();
  });

  test('commands: sent once, ended once; a restart makes what was sent unknown and sends nothing again', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const put = (id: string): Intent => ({
      k: 'commandPut',
      command: {
        id,
        station: row,
        action: 'Reset',
        request: '{}',
        origin: 'person',
        actor: 'ada',
        createdAt: 0,
        idempotencyKey: `key-${id}`,
      },
    });
    await commit(store, put('c1'), put('c2'), { k: 'commandState', id: 'c1', state: 'sent', at: 1, messageId: 'm1' });
    expect((await commit(store, put('c1')))[0]?.result).toBe('duplicate');
    await store.close();
    store = await open();
    await commit(store, { k: 'commandsUnknown', at: 5 });
    expect((await store.read.command('c1'))?.state).toBe('unknown');
    expect((await store.read.command('c2'))?.state).toBe('notSent');
    expect((await commit(store, { k: 'commandState', id: 'c1', state: 'answered', at: 6 }))[0]?.result).toBe('notFound');
    expect((await store.read.commandByKey(row, 'key-c1'))?.id).toBe('c1');
    await store.close();
  });

  test('numbers per station are durable and never given twice', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const next: Intent = { k: 'nextId', station: row, counter: 'requestId' };
    expect((await commit(store, next, next)).map(({ assigned }) => assigned)).toEqual([1, 2]);
    await store.close();
    store = await open();
    expect((await commit(store, next))[0]?.assigned).toBe(3);
    await store.close();
  });

  test('a station with transactions is not deleted; one without is, with everything of it', async () => {
    const store = await make()();
    const [used, empty] = [await station(store, 'CS1'), await station(store, 'CS2')];
    await commit(store, tx(used, event('Started', 0)));
    expect((await commit(store, { k: 'stationDelete', station: used }))[0]?.result).toBe('conflict');
    expect((await commit(store, { k: 'stationDelete', station: empty }))[0]?.result).toBe('done');
    expect(await store.read.station('CS2')).toBeUndefined();
    await store.close();
  });

  test('tokens compare without case and by type (C01.FR.25)', async () => {
    const store = await make()();
    await commit(store, {
      k: 'tokenPut',
      token: { type: 'ISO14443', idToken: 'AbC', status: 'Accepted', groupIdToken: { idToken: 'G', type: 'Central' } },
    });
    expect(await store.read.token('ISO14443', 'aBc')).toMatchObject({
      status: 'Accepted',
      groupIdToken: { idToken: 'G', type: 'Central' },
    });
    expect(await store.read.token('ISO15693', 'AbC')).toBeUndefined();
    await store.close();
  });
});

describe('data folders', () => {
  test('a folder is opened by one process only', () => {
    const path = folder();
    const release = claimFolder(path);
    expect(() => claimFolder(path)).toThrow(BusbarError);
    expect(() => claimFolder(path)).toThrow(/in use by another Busbar/);
    release();
    claimFolder(path)();
  });

  test('a folder that cannot be made is one clear sentence', () => {
    expect(() => claimFolder('/proc/nowhere/data')).toThrow(/cannot be written/);
  });

  test('a folder of a newer Busbar is refused with a sentence, one with another history as well', async () => {
    for (const [name, text] of [
      ['9999-future', /newer Busbar/],
      ['0001-first', /not the one this Busbar knows/],
    ] as const) {
      const path = folder();
      const db = openDatabase(join(path, 'busbar.db'));
      db.exec(
        'CREATE TABLE schema_migration(name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
      );
      db.prepare('INSERT INTO schema_migration VALUES(?,?,?)').run(name, 'other', 0);
      db.close();
      await expect(WorkerStore.open({ folder: path, log: silentLog })).rejects.toThrow(text);
    }
  });
});
