import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import type { TokenRole } from '../../settings.ts';
import {
  authorizedLocally,
  booted,
  cached,
  configure,
  energyTransferStarted,
  evConnectedPostSession,
  evConnectedPreSession,
  evDisconnected,
  parkingBayOccupied,
  parkingBayUnoccupied,
  rebooted,
  stopAuthorizedLocally,
  tokenFields,
  transactionOf,
} from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';
import { stillCharges } from './still-charges.ts';

/** The authorization cache (C10–C12, C09). */

const CACHE = { 'AuthCacheCtrlr.Enabled': 'true', 'AuthCtrlr.LocalPreAuthorize': 'true' } as const;
const OFFLINE = { ...CACHE, 'AuthCtrlr.LocalAuthorizeOffline': 'true', 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' } as const;

interface Ready {
  readonly station: SutStation;
  readonly tx: SutTransaction;
}

/** The token is in the cache with what it was deemed, the cable is in. */
async function cachedAndPlugged(t: StationTest, role: TokenRole, variables: Readonly<Record<string, string>> = CACHE): Promise<Ready> {
  const station = await booted(t, { variables });
  await cached(t, station, role);
  const tx = await transactionOf(t, station);
  await evConnectedPreSession(t, station, tx);
  return { station, tx };
}

async function shows(t: StationTest, { station, tx }: Ready, role: TokenRole): Promise<ReturnType<typeof tokenFields>> {
  const token = t.token(role);
  await station.does('presentToken', { evse: tx.evseId, ...token });
  return tokenFields(token);
}

/** A cached refusal is asked again (C10.FR.03). */
const asksAgain = (id: string, title: string, role: TokenRole) =>
  stationCase(id, title, async (t) => {
    const ready = await cachedAndPlugged(t, role, { ...CACHE, 'AuthCacheCtrlr.DisablePostAuthorize': 'false' });
    const token = await shows(t, ready, role);
    await ready.station.take(1, 'Authorize', token, { requirements: ['C10.FR.03', 'C12.FR.05'] });
    await ready.station.silence(2, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'Authorized' }, 'C12.FR.05');
  });

interface Judgement {
  readonly stop: boolean;
  readonly maxWh: number;
}

/** Offline the cache lets the driver charge; online again the CSMS deems the token Invalid. */
const judgedLater = (id: string, title: string, { stop, maxWh }: Judgement) =>
  stationCase(id, title, async (t) => {
    const ready = await cachedAndPlugged(t, 'valid', {
      ...OFFLINE,
      'TxCtrlr.StopTxOnInvalidId': String(stop),
      'TxCtrlr.MaxEnergyOnInvalidId': String(maxWh),
    });
    const { station, tx } = ready;
    station.offline();
    const token = await shows(t, ready, 'valid');
    await t.pass(t.settings.sampleS * 1000, 'the driver charges while the station is offline');
    station.deems({ status: 'Invalid' });
    station.online();
    await station.connects(2, 30_000);
    await tx.takes(3, { ...token, offline: true }, ['C12.FR.02', 'E04.FR.03'], { 'idToken.idToken': token['idToken.idToken'] });
    t.that(
      3,
      'energy flowed while offline',
      (await station.maybe('TransactionEvent', { offline: true, 'transactionInfo.chargingState': 'Charging' }, t.settings.stepMs)) !==
        undefined || tx.charging,
      'no event says so',
      ['C12.FR.02'],
    );
    if (stop) {
      const ended = await station.take(
        5,
        'TransactionEvent',
        { triggerReason: 'Deauthorized', offline: oneOf(false, undefined) },
        { where: { triggerReason: 'Deauthorized' }, requirements: ['E05.FR.10'] },
      );
      t.check(5, ended, { eventType: oneOf('Ended', 'Updated') });
    } else if (maxWh === 0) {
      await station.take(
        5,
        'TransactionEvent',
        { triggerReason: oneOf('ChargingStateChanged', 'Deauthorized') },
        { where: { 'transactionInfo.chargingState': 'SuspendedEVSE' }, requirements: ['E05.FR.09'] },
      );
    } else {
      await station.silence(4, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'Deauthorized' }, 'E05.FR.11');
      const cut = {
        'transactionInfo.chargingState': 'SuspendedEVSE',
        triggerReason: 'ChargingStateChanged',
        offline: oneOf(false, undefined),
      };
      station.came(4, 0, 'TransactionEvent', cut, 'energy was not cut', 'E05.FR.11');
    }
  });

export const stationCache = [
  stationCase('TC_C_08_CS', 'A cached token charges without being asked for', async (t) => {
    const { station, tx } = await cachedAndPlugged(t, 'valid');
    await authorizedLocally(t, station, tx, 1, 'valid', true);
    await energyTransferStarted(t, station, tx, 2);
    station.came(2, 1, 'Authorize', {}, 'the CSMS was not asked again', 'C12.FR.02');
  }),
  asksAgain('TC_C_09_CS', 'A token cached as Invalid is asked for again', 'invalid'),
  asksAgain('TC_C_10_CS', 'A token cached as Blocked is asked for again', 'blocked'),
  asksAgain('TC_C_11_CS', 'A token cached as Expired is asked for again', 'expired'),
  stationCase('TC_C_12_CS', 'A token cached as Invalid is asked for again and charges when it is Accepted', async (t) => {
    const ready = await cachedAndPlugged(t, 'invalid', { ...CACHE, 'AuthCacheCtrlr.DisablePostAuthorize': 'false' });
    const { station, tx } = ready;
    station.deems({ status: 'Accepted' });
    await authorizedLocally(t, station, tx, 1, 'invalid');
    await energyTransferStarted(t, station, tx, 5);
  }),
  stationCase('TC_C_13_CS', 'A cached token is accepted before the cable is in', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    const tx = await transactionOf(t, station);
    await parkingBayOccupied(station, tx);
    await authorizedLocally(t, station, tx, 1, 'valid', true);
    await evConnectedPreSession(t, station, tx, 3);
    await energyTransferStarted(t, station, tx, 4);
    station.came(4, 1, 'Authorize', {}, 'the CSMS was not asked again', 'C12.FR.02');
  }),
  judgedLater('TC_C_15_CS', 'Judged Invalid later: a little energy is allowed', { stop: false, maxWh: 10_000 }),
  judgedLater('TC_C_16_CS', 'Judged Invalid later: the transaction ends', { stop: true, maxWh: 0 }),
  judgedLater('TC_C_17_CS', 'Judged Invalid later: energy stops', { stop: false, maxWh: 0 }),
  judgedLater('TC_C_18_CS', 'Judged Invalid later: a little energy, then the end', { stop: true, maxWh: 500 }),
  stationCase('TC_C_57_CS', 'A token cached as Invalid is refused without asking', async (t) => {
    const ready = await cachedAndPlugged(t, 'invalid', { ...CACHE, 'AuthCacheCtrlr.DisablePostAuthorize': 'true' });
    await shows(t, ready, 'invalid');
    const { station } = ready;
    const asked = station.all('Authorize').length;
    await station.silence(1, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'Authorized' }, 'C10.FR.03');
    station.came(1, asked, 'Authorize', {}, 'the CSMS was not asked', 'C10.FR.03');
  }),
  stationCase('TC_C_32_CS', 'The cache survives a reboot', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    await rebooted(t, station, 1);
    station.forget();
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx, 2, 'valid', true);
    await evConnectedPreSession(t, station, tx, 4);
    await energyTransferStarted(t, station, tx, 5);
    station.came(5, 1, 'Authorize', {}, 'the CSMS was not asked again', 'C10.FR.02');
  }),
  stationCase('TC_C_33_CS', 'An answer to Authorize goes into the cache', async (t) => {
    const station = await booted(t, { variables: CACHE });
    const first = await transactionOf(t, station);
    await evConnectedPreSession(t, station, first);
    await authorizedLocally(t, station, first, 1);
    await energyTransferStarted(t, station, first, 5);
    await stopAuthorizedLocally(station, first, 6);
    await evConnectedPostSession(first, 6);
    await evDisconnected(t, station, first, 7);
    await parkingBayUnoccupied(station, first, 8);
    const second = await transactionOf(t, station);
    await parkingBayOccupied(station, second, 9);
    await evConnectedPreSession(t, station, second, 10);
    await authorizedLocally(t, station, second, 12, 'valid', true);
    station.came(12, 1, 'Authorize', {}, 'the CSMS was asked once', 'C10.FR.04', 'C12.FR.06');
  }),
  stationCase('TC_C_34_CS', 'An answer to an event goes into the cache', async (t) => {
    const ready = await cachedAndPlugged(t, 'valid', {
      ...CACHE,
      'TxCtrlr.StopTxOnInvalidId': 'true',
      'TxCtrlr.MaxEnergyOnInvalidId': '0',
    });
    const { station, tx } = ready;
    station.deems({ status: 'Invalid' });
    const token = await shows(t, ready, 'valid');
    await tx.takes(1, { triggerReason: oneOf('Authorized', 'ChargingStateChanged'), ...token }, ['C10.FR.05'], {
      'idToken.idToken': token['idToken.idToken'],
    });
    await tx.takes(3, { triggerReason: 'Deauthorized' }, ['E05.FR.10'], { triggerReason: 'Deauthorized' });
    await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
    const again = await transactionOf(t, station);
    await evConnectedPreSession(t, station, again, 6);
    await station.does('presentToken', { evse: again.evseId, ...t.token('valid') });
    await station.take(7, 'Authorize', token, { requirements: ['C10.FR.05', 'C10.FR.03'] });
  }),
  stationCase('TC_C_36_CS', 'Without LocalPreAuthorize a cached token is asked for', async (t) => {
    const station = await booted(t, { variables: { 'AuthCacheCtrlr.Enabled': 'true', 'AuthCtrlr.LocalPreAuthorize': 'false' } });
    await cached(t, station, 'valid');
    station.deems({ status: 'Invalid' });
    const token = t.token('valid');
    await station.does('presentToken', { evse: t.settings.evseId, ...token });
    await station.take(1, 'Authorize', tokenFields(token), { requirements: ['C10.FR.11'] });
  }),
  stationCase('TC_C_37_CS', 'The cache is cleared', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    await station.call(1, 'ClearCache', {}, { status: 'Accepted' }, 'C11.FR.02');
    const tx = await transactionOf(t, station);
    await parkingBayOccupied(station, tx, 3);
    await evConnectedPreSession(t, station, tx, 4);
    await authorizedLocally(t, station, tx, 5);
    await energyTransferStarted(t, station, tx, 9);
    station.came(5, 2, 'Authorize', {}, 'the CSMS was asked again', 'C11.FR.01');
  }),
  stationCase('TC_C_38_CS', 'A cache that is switched off cannot be cleared', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    await configure(t, station, { 'AuthCacheCtrlr.Enabled': 'false' });
    await station.call(1, 'ClearCache', {}, { status: 'Rejected' }, 'C11.FR.04');
  }),
  stationCase('TC_C_41_CS', 'A cached token of the same group ends the transaction', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    await cached(t, station, 'groupMate');
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 1, 'valid', true);
    await energyTransferStarted(t, station, tx, 3);
    const asked = station.all('Authorize').length;
    const mate = tokenFields(t.token('groupMate'));
    await station.does('presentToken', { evse: tx.evseId, ...t.token('groupMate') });
    tx.stoppedBy = 'Local';
    await tx.takes(4, { triggerReason: 'StopAuthorized', ...mate }, ['C09.FR.07'], { triggerReason: 'StopAuthorized' });
    station.came(4, asked, 'Authorize', {}, 'the CSMS was not asked', 'C09.FR.07');
    await evConnectedPostSession(tx, 5);
    await evDisconnected(t, station, tx, 6);
    await parkingBayUnoccupied(station, tx, 7);
  }),
  stationCase('TC_C_44_CS', 'A token of the same group that is cached as Invalid ends nothing', async (t) => {
    const station = await booted(t, { variables: { ...CACHE, 'AuthCacheCtrlr.DisablePostAuthorize': 'false' } });
    await cached(t, station, 'valid');
    station.deems({ status: 'Invalid', groupIdToken: { idToken: t.groupId, type: 'Central' } });
    await cached(t, station, 'invalid');
    station.deemsByParts();
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 1, 'valid', true);
    await energyTransferStarted(t, station, tx, 3);
    station.deems({ status: 'Invalid', groupIdToken: { idToken: t.groupId, type: 'Central' } });
    await station.does('presentToken', { evse: tx.evseId, ...t.token('invalid') });
    await station.take(4, 'Authorize', tokenFields(t.token('invalid')), { requirements: ['C09.FR.07', 'C10.FR.03'] });
    await station.silence(5, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'StopAuthorized' }, 'C09.FR.11');
    await stillCharges(t, station, tx, 5);
  }),
  stationCase('TC_C_46_CS', 'An entry of the cache grows old', async (t) => {
    const lifeS = t.settings.evConnectionTimeOutS + 2;
    const station = await booted(t, { variables: { ...CACHE, 'AuthCacheCtrlr.LifeTime': String(lifeS) } });
    await cached(t, station, 'valid');
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await t.pass(lifeS * 1000, 'the entry of the cache grows old (C10.FR.08)');
    await authorizedLocally(t, station, tx, 2);
  }),
];
