import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const GROUP = { idToken: 'FAMILY', type: 'Central' } as const;
const accepted = (more: object = {}) => ({ idTokenInfo: { status: 'Accepted', ...more } }) as const;
const authorizes = (b: Bench): string[] => b.csms.of('Authorize').map((request) => request.idToken.idToken);

test('C01.FR.01 C06.FR.01 no energy before authorization; with AuthEnabled false whoever plugs in may charge', async () => {
  const b = await bench().booted();
  await b.plug();
  await b.wait(120);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  await b.card();
  expect(b.hardware.facts().evses[0]?.contactor).toBe('closed');
  const free = await bench({ variables: { 'AuthCtrlr.Enabled': 'false' } }).booted();
  await free.plug();
  expect(free.hardware.facts().evses[0]?.contactor).toBe('closed');
  expect(authorizes(free)).toEqual([]);
});

test('C01.FR.02 C01.FR.04 C06.FR.02 C06.FR.03 an unknown token of any kind asks the CSMS, once, for nothing else', async () => {
  const b = await bench().booted();
  await b.plug();
  b.csms.once('Authorize', { idTokenInfo: { status: 'Blocked' } });
  await b.card({ idToken: 'LOCAL1', type: 'Local' });
  await b.card(CARD);
  expect(authorizes(b)).toEqual(['LOCAL1', 'AABBCCDD']);
  expect(b.evse().flow).toBe('flowing');
});

test.each(['Blocked', 'Expired', 'Invalid', 'NoCredit', 'NotAllowedTypeEVSE', 'Unknown'] as const)(
  'C01.FR.01 a token that is %s does not charge',
  async (status) => {
    const b = await bench().booted();
    await b.plug();
    b.csms.once('Authorize', { idTokenInfo: { status } });
    await b.card();
    await b.wait(10);
    expect(b.evse()).toMatchObject({ authorized: false, contactor: 'open' });
    expect(b.events).toEqual([]);
  },
);

test('C01.FR.03 C09.FR.07 E07.FR.01 C01.FR.25 the same token ends the authorization and nobody is asked, whatever its additionalInfo', async () => {
  const b = await bench().booted();
  await b.charging();
  b.hardware.presentToken({ ...CARD, additionalInfo: [{ additionalIdToken: 'x', type: 'y' }] });
  await b.wait();
  expect(authorizes(b)).toHaveLength(1);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized', idToken: CARD });
});

test('C01.FR.05 C12.FR.02 C12.FR.04 a cached token starts at once and is sent in the event', async () => {
  const b = await bench().booted();
  await b.charging();
  await b.card();
  b.hardware.unplug(1);
  await b.wait();
  b.csms.forget();
  await b.plug();
  await b.card();
  expect(authorizes(b)).toEqual([]);
  expect(b.events[0]).toMatchObject({ eventType: 'Started', idToken: CARD });
  expect(b.evse().flow).toBe('flowing');
});

test('C01.FR.08 C01.FR.09 C01.FR.12 C01.FR.13 the driver reads his language, then his second one, then English', async () => {
  const b = await bench({ config: { languages: ['de', 'en', 'fr'] } }).booted();
  const shown = async (language1: string | undefined, language2?: string) => {
    b.csms.once('Authorize', {
      idTokenInfo: { status: 'Invalid', ...(language1 ? { language1 } : {}), ...(language2 ? { language2 } : {}) },
    });
    await b.card();
    return b.hardware.facts().evses[0]?.display[0]?.slice(0, 4);
  };
  expect(await shown('fr', 'de')).toBe('[fr]');
  expect(await shown('pt', 'de')).toBe('[de]');
  expect(await shown('pt', 'it')).toBe('[en]');
  expect(await shown(undefined)).toBe('[en]');
});

test('C01.FR.21 a list of EVSEs restricts where the token may charge', async () => {
  const b = await bench({ topology: TWO }).booted();
  b.csms.always('Authorize', accepted({ evseId: [2] }));
  await b.plug(1);
  await b.card(CARD, 1);
  expect(b.evse(1).authorized).toBe(false);
  await b.plug(2);
  await b.card(CARD, 2);
  expect(b.evse(2).flow).toBe('flowing');
  const later = await bench({ topology: TWO }).booted();
  later.csms.always('Authorize', accepted({ evseId: [2] }));
  await later.card();
  await later.plug(1);
  expect(later.evse(1).authorized).toBe(false);
  await later.plug(2);
  expect(later.evse(2).authorized).toBe(true);
});

test('C01.FR.23 a transaction whose token lost its authorization takes no other token', async () => {
  const b = await bench({ variables: { 'TxCtrlr.TxStopPoint': 'EVConnected' } }).booted();
  await b.charging();
  await b.card();
  expect(b.evse()).toMatchObject({ authorized: false });
  await b.card(OTHER_CARD);
  expect(b.evse()).toMatchObject({ authorized: false });
  expect(authorizes(b)).not.toContain(OTHER_CARD.idToken);
  await b.card();
  expect(b.evse()).toMatchObject({ authorized: true });
});

test('C01.FR.26 a driver who does not plug in loses the authorization, also without a transaction', async () => {
  const b = await bench({ variables: { 'TxCtrlr.EVConnectionTimeOut': '30' } }).booted();
  await b.card();
  expect(b.evse().authorized).toBe(true);
  await b.wait(30);
  expect(b.evse().authorized).toBe(false);
  await b.plug();
  await b.wait(5);
  expect(b.evse().contactor).toBe('open');
  expect(b.events).toEqual([]);
});

test('C02.FR.01 C02.FR.03 a button starts with NoAuthorization and an empty token, and is never cached', async () => {
  const b = await bench().booted();
  await b.plug();
  b.hardware.startButton(1);
  await b.wait();
  expect(b.events[0]).toMatchObject({ eventType: 'Started', idToken: { idToken: '', type: 'NoAuthorization' } });
  expect(authorizes(b)).toEqual([]);
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
  b.hardware.stopButton(1);
  await b.wait();
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized' });
});

test('C04.FR.03 C04.FR.04 C04.FR.06 key codes: cached, never logged, and wrong ones must wait longer and longer', async () => {
  const b = await bench({ topology: { ...demoTopologies.acSinglePhase, pinPad: true } }).booted();
  await b.plug();
  const pin = (idToken: string) => b.card({ idToken, type: 'KeyCode' });
  b.csms.always('Authorize', { idTokenInfo: { status: 'Invalid' } });
  await pin('1111');
  await pin('2222');
  await pin('3333');
  await pin('4444');
  expect(authorizes(b)).toEqual(['1111', '2222', '4444']); // two seconds after the second wrong one were too early
  b.csms.always('Authorize', accepted());
  await b.wait(60);
  await pin('9876');
  expect(b.evse().authorized).toBe(true);
  expect([...b.disk.durable.keys()]).toContain('cache/KeyCode/9876');
  expect(JSON.stringify(b.trace)).not.toContain('9876');
});

test('C05.FR.01 C05.FR.02 C05.FR.03 C05.FR.05 a Central token of a remote start is not asked for, not cached, sent once with the remoteStartId', async () => {
  const b = await bench({ variables: { 'AuthCtrlr.AuthorizeRemoteStart': 'true' } }).booted();
  await b.plug();
  const idToken = { idToken: 'APP-1', type: 'Central' };
  await b.ask('RequestStartTransaction', { evseId: 1, idToken, remoteStartId: 77 });
  await b.wait(5);
  expect(authorizes(b)).toEqual([]);
  expect(b.events[0]).toMatchObject({ idToken, transactionInfo: { remoteStartId: 77 } });
  expect(b.events.filter((event) => event.idToken !== undefined)).toHaveLength(1);
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
});

test('C09.FR.03 C09.FR.05 another token of the same group stops after asking the CSMS', async () => {
  const b = await bench().booted();
  b.csms.always('Authorize', accepted({ groupIdToken: GROUP }));
  await b.charging();
  await b.card(OTHER_CARD);
  expect(authorizes(b)).toEqual([CARD.idToken, OTHER_CARD.idToken]);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized', idToken: OTHER_CARD });
});

test('C01.FR.03 C09.FR.04 C09.FR.07 a cached valid token of the same group stops without asking', async () => {
  const b = await bench().booted();
  b.csms.always('Authorize', accepted({ groupIdToken: GROUP }));
  await b.card(OTHER_CARD);
  await b.card(OTHER_CARD);
  b.csms.always('TransactionEvent', accepted({ groupIdToken: GROUP }));
  await b.charging();
  b.csms.forget();
  await b.card(OTHER_CARD);
  expect(authorizes(b)).toEqual([]);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'StopAuthorized' });
});

test('C09.FR.11 a token of the same group that is not Accepted stops nothing, nor does one of another group', async () => {
  const b = await bench().booted();
  b.csms.once('Authorize', accepted({ groupIdToken: GROUP }));
  await b.charging();
  b.csms.once('Authorize', { idTokenInfo: { status: 'Blocked', groupIdToken: GROUP } });
  await b.card(OTHER_CARD);
  b.csms.once('Authorize', accepted({ groupIdToken: { idToken: 'OTHERS', type: 'Central' } }));
  await b.card({ idToken: '999', type: 'ISO14443' });
  expect(b.evse().flow).toBe('flowing');
});

test('C16.FR.02 C16.FR.04 C16.FR.07 a master pass ends all transactions of a station without a display, asked or from the cache', async () => {
  const b = await bench({ topology: demoTopologies.acThreePhase, variables: { 'AuthCtrlr.MasterPassGroupId': 'MASTER' } }).booted();
  const master = { idToken: 'BOSS', type: 'ISO14443' };
  const info = (idToken: string) => accepted(idToken === 'BOSS' ? { groupIdToken: { idToken: 'MASTER', type: 'Central' } } : {});
  b.csms.always('Authorize', ({ idToken }) => info(idToken.idToken));
  b.csms.always('TransactionEvent', ({ idToken }) => (idToken ? info(idToken.idToken) : {}));
  for (const again of [false, true]) {
    await b.charging(1);
    await b.charging(2, OTHER_CARD);
    await b.card(master);
    const ended = b.events.filter((event) => event.eventType === 'Ended').slice(-2);
    expect(ended).toMatchObject([
      { triggerReason: 'StopAuthorized', idToken: master, transactionInfo: { stoppedReason: 'MasterPass' } },
      { triggerReason: 'StopAuthorized', idToken: master, transactionInfo: { stoppedReason: 'MasterPass' } },
    ]);
    expect(authorizes(b).filter((idToken) => idToken === 'BOSS')).toHaveLength(1);
    expect([b.hardware.unplug(1), b.hardware.unplug(2)]).toEqual([true, true]);
    await b.wait();
    expect(b.events.filter((event) => event.eventType === 'Ended')).toHaveLength(again ? 4 : 2);
  }
});

test('C12.FR.09 C16.FR.03 a master pass does not start', async () => {
  const b = await bench({ variables: { 'AuthCtrlr.MasterPassGroupId': 'MASTER' } }).booted();
  b.csms.always('Authorize', accepted({ groupIdToken: { idToken: 'MASTER', type: 'Central' } }));
  await b.plug();
  await b.card();
  await b.card();
  expect(b.evse().authorized).toBe(false);
});

test('LocalPreAuthorize false asks for known tokens too; DisableRemoteAuthorization asks for none', async () => {
  const b = await bench({ variables: { 'AuthCtrlr.LocalPreAuthorize': 'false' } }).booted();
  await b.charging();
  await b.card();
  b.hardware.unplug(1);
  await b.charging();
  expect(authorizes(b)).toHaveLength(2);
  await b.card();
  expect(await b.set('AuthCtrlr', 'DisableRemoteAuthorization', 'true')).toBe('Accepted');
  expect(await b.set('AuthCtrlr', 'LocalPreAuthorize', 'true')).toBe('Accepted');
  await b.card(OTHER_CARD);
  expect(b.evse().authorized).toBe(false);
  await b.card();
  expect(b.evse().authorized).toBe(true);
  expect(authorizes(b)).toHaveLength(2);
});
