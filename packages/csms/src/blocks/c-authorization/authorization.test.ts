import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import type { TokenInput } from '../../store/intents.ts';
import { event, minutes } from '../../testing/events.ts';
import { TestCsms } from '../../testing/test-csms.ts';
import { UseCases } from '../../use-cases.ts';

const CARD = { type: 'ISO14443', idToken: 'CARD0001' } as const;

async function setUp(token?: Partial<TokenInput>, options: Parameters<typeof TestCsms.start> = []) {
  const csms = await TestCsms.start(...options);
  const station = await csms.station('CS1');
  const useCases = new UseCases(csms.csms);
  if (token !== undefined) await csms.settle(useCases.putToken({ ...CARD, status: 'Accepted', ...token }, 'test'));
  const authorize = async (idToken: Ocpp.IdTokenType = CARD) => (await station.call('Authorize', { idToken })).idTokenInfo;
  return { csms, station, useCases, authorize };
}

describe('C01 C04 C06 what AuthorizeResponse says', () => {
  test('C01.FR.06 C01.FR.07 C09.FR.02 C09.FR.09 C09.FR.10 status, group and everything the card carries', async () => {
    const { authorize } = await setUp({
      groupIdToken: { idToken: 'FLEET', type: 'Central' },
      language1: 'de',
      language2: 'en-US',
      chargingPriority: 3,
      personalMessage: { format: 'UTF8', content: 'Moin' },
      cacheExpiryDateTime: minutes(60),
    });
    expect(await authorize()).toEqual({
      status: 'Accepted',
      groupIdToken: { idToken: 'FLEET', type: 'Central' },
      language1: 'de',
      language2: 'en-US',
      chargingPriority: 3,
      personalMessage: { format: 'UTF8', content: 'Moin' },
      cacheExpiryDateTime: '2027-01-15T09:00:00.000Z',
    });
  });

  test('C01.FR.07 C06.FR.04 an unknown one is Unknown, a blocked one Blocked, an old one Expired', async () => {
    const { authorize, useCases, csms } = await setUp({ validUntil: minutes(-1) });
    expect((await authorize()).status).toBe('Expired');
    await csms.settle(useCases.putToken({ ...CARD, status: 'Blocked', validUntil: minutes(-1) }, 'test'));
    expect((await authorize()).status).toBe('Blocked');
    await csms.settle(useCases.deleteToken(CARD.type, CARD.idToken, 'test'));
    expect((await authorize()).status).toBe('Unknown');
    expect((await authorize({ idToken: '00:11:22:33:44:55', type: 'MacAddress' })).status).toBe('Unknown');
  });

  test('C01.FR.25 equal by idToken and type, whatever additionalInfo says and however it is spelled', async () => {
    const { authorize } = await setUp({});
    expect(
      (await authorize({ idToken: 'card0001', type: 'ISO14443', additionalInfo: [{ additionalIdToken: 'x', type: 'y' }] })).status,
    ).toBe('Accepted');
    expect((await authorize({ idToken: 'CARD0001', type: 'ISO15693' })).status).toBe('Unknown');
  });

  test('C01.FR.10 C01.FR.11 C01.FR.17 C04.FR.05 C05.FR.04 languages are tags of RFC 5646, a second one is another one', async () => {
    const { useCases, csms, authorize } = await setUp({});
    const put = (languages: Partial<TokenInput>) => csms.settle(useCases.putToken({ ...CARD, status: 'Accepted', ...languages }, 'test'));
    await expect(put({ language1: 'german!' })).rejects.toThrow('RFC 5646');
    await expect(put({ language2: 'en' })).rejects.toThrow('C01.FR.10');
    await expect(put({ language1: 'en', language2: 'en' })).rejects.toThrow('C01.FR.11');
    await put({ language1: 'en-US' });
    expect(await authorize()).toEqual({ status: 'Accepted', language1: 'en-US' });
  });

  test('C01.FR.18 a card that is not for this kind of EVSE says so, without a list', async () => {
    const { authorize } = await setUp({ status: 'NotAllowedTypeEVSE', evseId: [1] });
    expect(await authorize()).toEqual({ status: 'NotAllowedTypeEVSE' });
  });

  test('C01.FR.19 C01.FR.20 C01.FR.22 good everywhere: no list; for some EVSEs: their list; for none of this station: NotAtThisLocation', async () => {
    const { authorize, useCases, csms, station } = await setUp({});
    await station.call('StatusNotification', {
      timestamp: '2027-01-15T08:00:00Z',
      connectorStatus: 'Available',
      evseId: 1,
      connectorId: 1,
    });
    expect(await authorize()).toEqual({ status: 'Accepted' });
    await csms.settle(useCases.putToken({ ...CARD, status: 'Accepted', evseId: [1, 7] }, 'test'));
    expect(await authorize()).toEqual({ status: 'Accepted', evseId: [1, 7] });
    await csms.settle(useCases.putToken({ ...CARD, status: 'Accepted', evseId: [7] }, 'test'));
    expect(await authorize()).toEqual({ status: 'NotAtThisLocation' });
  });

  test('C04.FR.01 C04.FR.02 C04.FR.04 C04.FR.06 key codes: wrong is Invalid and slower each time, right is Accepted, none stands in the log', async () => {
    const { csms, station, useCases, authorize } = await setUp();
    await csms.settle(useCases.putToken({ type: 'KeyCode', idToken: '4711', status: 'Accepted' }, 'test'));
    const pin = (idToken: string) => authorize({ idToken, type: 'KeyCode' });
    const times: number[] = [];
    for (const wrong of ['1111', '2222', '3333']) {
      const from = csms.clock.monotonic();
      expect((await pin(wrong)).status).toBe('Invalid');
      times.push(csms.clock.monotonic() - from);
    }
    expect(times[1]).toBeGreaterThanOrEqual(2_000);
    expect(times[2]).toBeGreaterThanOrEqual(4_000);
    expect((await pin('4711')).status).toBe('Accepted');
    const log = await csms.csms.kernel.messages.query({ limit: 100 });
    expect(log.filter(({ text }) => text.includes('KeyCode')).length).toBeGreaterThan(0);
    for (const code of ['1111', '4711']) expect(log.some(({ text }) => text.includes(code))).toBe(false);
    expect(station.closed).toBeUndefined();
  });
});

describe('C02 C05 tokens nobody shows', () => {
  test('C02.FR.02 a start button is Accepted, unless the operator stored otherwise', async () => {
    const { station, useCases, csms } = await setUp();
    const start = (txid: string) =>
      station.call('TransactionEvent', event('Started', 0, { txid, idToken: { idToken: '', type: 'NoAuthorization' } }));
    expect((await start('a')).idTokenInfo?.status).toBe('Accepted');
    await csms.settle(useCases.putToken({ type: 'NoAuthorization', idToken: '', status: 'Blocked' }, 'test'));
    expect((await start('b')).idTokenInfo?.status).toBe('Blocked');
  });

  test('C05 a Central id is good because we asked for that start, and only for that one', async () => {
    const { station, useCases, csms } = await setUp();
    station.script = { RequestStartTransaction: () => ({ status: 'Accepted' }) };
    const idToken = { idToken: 'app-user-9', type: 'Central' };
    const call = await csms.settle(useCases.call('CS1', 'RequestStartTransaction', { idToken, evseId: 1 }, { actor: 'app' }));
    const remoteStartId = (station.heard.at(-1)?.request as Ocpp.RequestStartTransactionRequest).remoteStartId;
    const started = await station.call('TransactionEvent', event('Started', 0, { idToken, info: { remoteStartId } }));
    expect(started.idTokenInfo?.status).toBe('Accepted');
    const foreign = await station.call(
      'TransactionEvent',
      event('Started', 0, { txid: 'other', idToken: { ...idToken, idToken: 'somebody' }, info: { remoteStartId } }),
    );
    expect(foreign.idTokenInfo?.status).toBe('Unknown');
    // F01.FR.04: the command knows what became of it.
    expect(await csms.settle(useCases.command(call.commandId))).toMatchObject({ state: 'answered', effect: { transactionId: 'tx-1' } });
  });
});

describe('E01 E02 E03 E05 idTokenInfo in every TransactionEventResponse (D8)', () => {
  test('C09.FR.12 C12.FR.03 E01.FR.11 E01.FR.12 E02.FR.02 E02.FR.04 E03.FR.02 E05.FR.01 F01.FR.03 F02.FR.11 the token of an event is checked, also if late or repeated', async () => {
    const { station, useCases, csms } = await setUp({ groupIdToken: { idToken: 'FLEET', type: 'Central' } });
    const started = event('Started', 0, { idToken: CARD, offline: true });
    const first = await station.call('TransactionEvent', started);
    expect(first.idTokenInfo).toEqual({ status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } });
    await csms.settle(useCases.putToken({ ...CARD, status: 'Blocked' }, 'test'));
    // The decision was made with the first one; a repetition gets the same, a new transaction the new one.
    expect((await station.call('TransactionEvent', started)).idTokenInfo).toEqual(first.idTokenInfo);
    expect((await station.call('TransactionEvent', event('Started', 0, { txid: 'tx-2', idToken: CARD }))).idTokenInfo?.status).toBe(
      'Blocked',
    );
    expect(
      (await station.call('TransactionEvent', event('Updated', 1, { txid: 'tx-3', idToken: { idToken: 'nobody', type: 'ISO14443' } })))
        .idTokenInfo?.status,
    ).toBe('Unknown');
    expect(await station.call('TransactionEvent', event('Updated', 1))).toEqual({}); // J02.FR.19: answered, with nothing to add
    expect(await csms.csms.kernel.read.transactions({ limit: 9 })).toHaveLength(3);
  });
});

describe('D24 the authorize extension', () => {
  test('decides; when it fails or is late, a known token keeps its local status and an unknown one is Unknown for a minute', async () => {
    let answer: () => Promise<Ocpp.IdTokenInfoType | undefined> = async () => ({ status: 'NoCredit' });
    const { authorize, csms } = await setUp({}, [{}, { authorize: { authorize: () => answer() } }]);
    expect((await authorize()).status).toBe('NoCredit');
    answer = () => Promise.reject(new Error('down'));
    expect((await authorize()).status).toBe('Accepted');
    answer = () => new Promise(() => undefined);
    const from = csms.clock.monotonic();
    const unknown = await authorize({ idToken: 'nobody', type: 'ISO14443' });
    expect(csms.clock.monotonic() - from).toBeLessThan(6_000);
    expect(unknown.status).toBe('Unknown');
    expect(Date.parse(unknown.cacheExpiryDateTime ?? '') - csms.clock.now()).toBeGreaterThan(50_000);
    expect(csms.csms.kernel.stations.get('CS1')?.record.anomalies).toContain('authorizeUnavailable');
  });
});
