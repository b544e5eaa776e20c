import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { type Field, oneOf } from '../../field.ts';
import type { TokenRole } from '../../settings.ts';
import {
  authorized,
  booted,
  charging,
  energyTransferStarted,
  evConnectedPostSession,
  evConnectedPreSession,
  evDisconnected,
} from '../../states/csms.ts';

/** Who may charge: Authorize, groups, cache, master pass (C01, C09, C11, C12, C16). */

const authorizes = (id: string, title: string, role: TokenRole, status: Field, requirement: string) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const answer = await station.send(1, 'Authorize', { idToken: await t.tokenAt(role) });
    t.check(2, answer, { 'idTokenInfo.status': status }, requirement);
  });

/** What a station with a cache sends: the event without asking first. */
const fromCache = (id: string, title: string, role: TokenRole, status: Field) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await evConnectedPreSession(t, station, tx);
    await tx.event(1, { triggerReason: 'Authorized', idToken: await t.tokenAt(role), status });
  });

const clears = (id: string, title: string, status: 'Accepted' | 'Rejected') =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await t.command(station, 1, { action: 'ClearCache', payload: {}, answer: { status }, requirements: ['C11.FR.01'] });
    await station.send(2, 'Heartbeat', {});
  });

/** Two drivers charge; the master pass ends what it is meant to end. */
async function masterPass(t: CsmsTest, ends: 'all' | 'first', shown: 'masterPass' | 'valid'): Promise<void> {
  const station = await booted(t);
  const first = await charging(t, station, 1);
  const second = t.transaction(station, 2, 1);
  await evConnectedPreSession(t, station, second);
  await authorized(t, station, second, 0, await t.tokenAt('valid2'));
  await energyTransferStarted(t, station, second);
  const master = await t.tokenAt('masterPass');
  const group = { 'idTokenInfo.status': 'Accepted', 'idTokenInfo.groupIdToken.idToken': t.masterGroupId } as const;
  t.check(2, await station.send(1, 'Authorize', { idToken: master }), group, ends === 'all' ? 'C16.FR.01' : 'C16.FR.02');
  for (const tx of ends === 'all' ? [first, second] : [first]) {
    const idToken = shown === 'masterPass' ? master : (tx.token ?? master);
    const answer = await tx.event(3, { triggerReason: 'StopAuthorized', stoppedReason: 'MasterPass', eventType: 'Ended', idToken });
    if (shown === 'masterPass') t.check(4, answer, group, 'C16.FR.01');
  }
}

export const csmsAuthorize = [
  authorizes('TC_C_02_CSMS', 'A token the CSMS does not know is not accepted', 'invalid', oneOf('Invalid', 'Unknown'), 'C01.FR.07'),
  authorizes('TC_C_06_CSMS', 'A blocked token is not accepted', 'blocked', oneOf('Blocked', 'Invalid'), 'C01.FR.07'),
  authorizes('TC_C_07_CSMS', 'An expired token is not accepted', 'expired', oneOf('Expired', 'Invalid'), 'C01.FR.07'),
  fromCache('TC_C_08_CSMS', 'A token that the station took from its cache is confirmed', 'valid', 'Accepted'),
  fromCache('TC_C_20_CSMS', 'A token that the station took from its cache is refused', 'invalid', oneOf('Invalid', 'Unknown')),
  clears('TC_C_37_CSMS', 'The CSMS clears the cache', 'Accepted'),
  clears('TC_C_38_CSMS', 'The CSMS takes it that the station could not clear its cache', 'Rejected'),
  csmsCase('TC_C_39_CSMS', 'Another token of the same group ends a transaction', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    const [mine, mate] = [await t.tokenAt('valid'), await t.tokenAt('groupMate')];
    const group = { 'idTokenInfo.status': 'Accepted', 'idTokenInfo.groupIdToken.idToken': t.groupId } as const;
    await evConnectedPreSession(t, station, tx);
    t.check(2, await station.send(1, 'Authorize', { idToken: mate }), group, 'C09.FR.02');
    tx.token = mine;
    t.check(4, await tx.event(3, { triggerReason: 'Authorized', idToken: mine }), group, 'C09.FR.03');
    await energyTransferStarted(t, station, tx, 5);
    t.check(7, await station.send(6, 'Authorize', { idToken: mate }), group, 'C09.FR.02');
    t.check(9, await tx.event(8, { triggerReason: 'StopAuthorized', idToken: mate }), group, 'C09.FR.03');
    await evConnectedPostSession(tx, 10);
    await evDisconnected(t, station, tx, 11);
  }),
  csmsCase('TC_C_47_CSMS', 'A master pass ends all transactions', (t) => masterPass(t, 'all', 'masterPass'), {
    note: 'the official table has no validations; those of TC_C_48_CSMS are used for every EVSE',
  }),
  csmsCase('TC_C_48_CSMS', 'A master pass ends one chosen transaction', (t) => masterPass(t, 'first', 'masterPass'), {
    note: 'step 1 authorizes the master pass: the official text names the driver’s token and then expects the master group',
  }),
  csmsCase('TC_C_49_CSMS', 'A master pass at a station without a display ends all transactions', (t) => masterPass(t, 'all', 'valid'), {
    note: 'the official table has no validations; the answer to the Authorize of the master pass is judged as in TC_C_48_CSMS',
  }),
];
