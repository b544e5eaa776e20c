import type { OcppVersion } from '@busbar/protocol';
import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { CARD, Duet, OTHER_CARD } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const GROUP = { idToken: 'FAMILY', type: 'Central' };
const PIN_STATION = {
  evses: [{ kind: 'AC', phases: 1, power: '7.4 kW', connectors: [{ type: 'sType2' }] }],
  pinPad: true,
};

/** Somebody nobody knows begins to charge offline; then the link is back for a quarter of an hour. */
async function strangerOffline(version: OcppVersion, variables: Readonly<Record<string, string>>): Promise<Duet> {
  const duet = await Duet.start({ version, variables: { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true', ...variables } });
  await duet.offline();
  await duet.plug();
  await duet.present(OTHER_CARD);
  await duet.clock.advance(60_000);
  expect(duet.evse().flow).toBe('flowing');
  await duet.online();
  await duet.clock.advance(900_000);
  return duet;
}

describe.each(VERSIONS)('%s', (version) => {
  test('TC_C_08_CSMS C01.FR.02 C10.FR.04 C12.FR.02 a card is asked for once, then the cache knows it', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.stop();
    await duet.charge();
    await duet.stop();
    expect(await duet.heard('Authorize')).toHaveLength(1);
    expect((await duet.transactions()).map(({ bill }) => bill.bill)).toEqual(['final', 'final']);
  });

  test('TC_C_37_CSMS TC_C_37_CS C11.FR.01 C11.FR.03 after ClearCache the CSMS is asked again', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.stop();
    expect(await duet.status('ClearCache', {})).toBe('Accepted');
    await duet.charge();
    expect(await duet.heard('Authorize')).toHaveLength(2);
    expect(await duet.set('AuthCacheCtrlr', 'Enabled', 'false')).toBe('Accepted');
    expect(await duet.status('ClearCache', {})).toBe('Rejected'); // C11.FR.04
  });

  test.each([
    ['Blocked', 'Blocked'],
    ['Expired', 'Expired'],
    ['Invalid', 'Invalid'],
    [undefined, 'Unknown'],
  ] as const)(
    'TC_C_02_CSMS TC_C_06_CSMS TC_C_07_CSMS C01.FR.07 C10.FR.01 a card that is %s may not charge and is told %s',
    async (known, told) => {
      const duet = await Duet.start({ version });
      if (known !== undefined) await duet.token({ ...OTHER_CARD, status: known });
      await duet.plug();
      await duet.present(OTHER_CARD);
      expect(await duet.transactions()).toEqual([]);
      expect(duet.evse().contactor).toBe('open');
      expect(duet.hardware.facts().evses[0]?.display.join()).toContain(told);
      const answers = (await duet.log()).filter(({ direction, text }) => direction === 'out' && text.includes('"idTokenInfo"'));
      expect(JSON.parse(answers[0]?.text ?? '[]')[2].idTokenInfo.status).toBe(told);
      // C10.FR.03: what the cache refuses is asked again, for the operator may have changed his mind.
      await duet.token({ ...OTHER_CARD, status: 'Accepted' });
      await duet.present(OTHER_CARD);
      expect(await duet.transactions()).toHaveLength(1);
    },
  );

  test('C01.FR.20 C01.FR.21 a card that is good for one EVSE charges there only', async () => {
    const duet = await Duet.start({ version, topology: demoTopologies.acThreePhase });
    await duet.token({ ...OTHER_CARD, status: 'Accepted', evseId: [2] });
    await duet.plug(1);
    await duet.present(OTHER_CARD, 1);
    expect(duet.evse(1).authorized).toBe(false);
    await duet.plug(2);
    await duet.present(OTHER_CARD, 2);
    expect((await duet.newest()).row.evse).toBe(2);
  });

  test('TC_C_39_CSMS C09.FR.02 C09.FR.03 C09.FR.05 another card of the family ends what one of them began', async () => {
    const duet = await Duet.start({ version });
    await duet.token({ ...CARD, status: 'Accepted', groupIdToken: GROUP });
    await duet.token({ ...OTHER_CARD, status: 'Accepted', groupIdToken: GROUP });
    await duet.charge();
    await duet.clock.advance(120_000);
    await duet.present(OTHER_CARD, 1);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'ended', stoppedReason: 'Local' });
    const events = await duet.events(record);
    expect(events.at(-1)).toMatchObject({ triggerReason: 'StopAuthorized', idToken: OTHER_CARD });
    expect(duet.hardware.unplug(1)).toBe(true);
  });

  test('C09.FR.11 a blocked card of the family ends nothing', async () => {
    const duet = await Duet.start({ version });
    await duet.token({ ...CARD, status: 'Accepted', groupIdToken: GROUP });
    await duet.token({ ...OTHER_CARD, status: 'Blocked', groupIdToken: GROUP });
    await duet.charge();
    await duet.present(OTHER_CARD, 1);
    expect((await duet.newest()).row.state).toBe('active');
    expect(duet.evse().flow).toBe('flowing');
  });

  test('C02.FR.01 C02.FR.02 the start button begins a transaction without a name, and the stop button ends it', async () => {
    const duet = await Duet.start({ version });
    await duet.plug();
    duet.hardware.startButton(1);
    await duet.clock.advance(60_000);
    duet.hardware.stopButton(1);
    await duet.clock.advance(5_000);
    const record = await duet.newest();
    expect(record.row).toMatchObject({ state: 'ended', idToken: { idToken: '', type: 'NoAuthorization' } });
    expect(record.bill.energyMWh).toBe(duet.worldMWh());
    expect(await duet.heard('Authorize')).toEqual([]);
  });

  test('C04.FR.01 C04.FR.04 a PIN opens the way and stands in no log of the CSMS', async () => {
    const duet = await Duet.start({ version, topology: PIN_STATION });
    const pin = { idToken: '739158', type: 'KeyCode' } as const;
    await duet.token({ ...pin, status: 'Accepted' });
    await duet.plug();
    await duet.present(pin, 1);
    await duet.clock.advance(60_000);
    expect((await duet.newest()).row.state).toBe('active');
    await duet.present(pin, 1);
    await duet.present({ idToken: '000000', type: 'KeyCode' }, 1);
    const answers = (await duet.log()).filter(({ direction, text }) => direction === 'out' && text.includes('"idTokenInfo"'));
    expect(answers.at(-1)?.text).toContain('"Invalid"'); // C04.FR.01
    const texts = (await duet.log()).map(({ text }) => text);
    expect(texts.some((text) => text.includes('KeyCode'))).toBe(true);
    expect(texts.filter((text) => text.includes(pin.idToken) || text.includes('000000'))).toEqual([]);
    const traced = duet.trace.map((event) => JSON.stringify(event)).filter((text) => text.includes(pin.idToken));
    expect(traced).toEqual([]);
    const audit = await duet.csms.kernel.read.audit({ limit: 100 });
    expect(audit.filter(({ target }) => target.includes(pin.idToken))).toEqual([]);
  });

  test('C05.FR.01 C05.FR.02 C05.FR.03 an id of type Central charges by remote start and is asked for nowhere', async () => {
    const duet = await Duet.start({ version });
    await duet.plug();
    const idToken = { idToken: 'APP-USER-17', type: 'Central' };
    expect(await duet.status('RequestStartTransaction', { evseId: 1, idToken })).toBe('Accepted');
    await duet.clock.advance(120_000);
    expect((await duet.newest()).row).toMatchObject({ state: 'active', idToken });
    expect(duet.evse().flow).toBe('flowing');
    expect(await duet.heard('Authorize')).toEqual([]);
  });

  test('C15.FR.01 C15.FR.02 C15.FR.04 C15.FR.05 an unknown id that began offline ends when the CSMS refuses it; the cable waits for its owner', async () => {
    const duet = await strangerOffline(version, { 'TxCtrlr.StopTxOnInvalidId': 'true' });
    expect((await duet.newest()).row).toMatchObject({ state: 'ended', stoppedReason: 'DeAuthorized' });
    expect(duet.evse().flow).not.toBe('flowing');
    expect(duet.hardware.unplug(1)).toBe(false);
    await duet.present(OTHER_CARD);
    expect(duet.hardware.unplug(1)).toBe(true);
  });

  test('C15.FR.03 with TxStopPoint EVConnected the same transaction waits for the cable, without energy', async () => {
    const duet = await strangerOffline(version, { 'TxCtrlr.StopTxOnInvalidId': 'true', 'TxCtrlr.TxStopPoint': 'EVConnected' });
    expect((await duet.newest()).row).toMatchObject({ state: 'active', stoppedReason: null });
    expect(duet.evse().flow).not.toBe('flowing');
    expect((await duet.events()).map((event) => event.triggerReason)).toContain('Deauthorized');
  });

  test('C15.FR.06 with StopTxOnInvalidId false it stays, but nothing flows', async () => {
    const duet = await strangerOffline(version, { 'TxCtrlr.StopTxOnInvalidId': 'false' });
    expect((await duet.newest()).row).toMatchObject({ state: 'active', chargingState: 'SuspendedEVSE' });
    expect(duet.evse().flow).not.toBe('flowing');
  });

  test('C15.FR.07 with MaxEnergyOnInvalidId it may take so much and no more', async () => {
    const variables = { 'TxCtrlr.StopTxOnInvalidId': 'false', 'TxCtrlr.MaxEnergyOnInvalidId': '500' };
    const duet = await strangerOffline(version, variables);
    const { row } = await duet.newest();
    expect(row).toMatchObject({ state: 'active', chargingState: 'SuspendedEVSE' });
    expect(Math.abs((duet.worldMWh() - (row.beginMWh ?? 0)) / 1000 - 500)).toBeLessThan(5);
  });

  test('C12.FR.02 C15.FR.02 a known card that began offline and is fine just goes on', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.stop();
    await duet.offline();
    await duet.plug();
    await duet.present(CARD);
    expect(duet.evse().flow).toBe('flowing'); // C13: the cache lets it in
    await duet.clock.advance(300_000);
    await duet.online();
    const record = await duet.newest();
    expect(record.row.state).toBe('active');
    expect((await duet.events(record))[0]).toMatchObject({ eventType: 'Started', offline: true });
  });

  test('offline an unknown card is refused where nothing else is configured', async () => {
    const duet = await Duet.start({ version });
    await duet.offline();
    await duet.plug();
    await duet.present(OTHER_CARD);
    expect(duet.evse().contactor).toBe('open');
    await duet.online();
    expect(await duet.transactions()).toEqual([]);
  });
});
