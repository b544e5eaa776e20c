import type { Ocpp } from '@busbar/protocol';
import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { CARD, Duet } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const TWO = demoTopologies.acThreePhase;

describe.each(VERSIONS)('%s', (version) => {
  test.each<readonly [string, Ocpp.EVSEType | undefined, readonly string[]]>([
    ['the station', undefined, ['Unavailable', 'Unavailable']],
    ['an EVSE', { id: 2 }, ['Available', 'Unavailable']],
    ['a connector', { id: 1, connectorId: 1 }, ['Unavailable', 'Available']],
  ])(
    'TC_G_03_CSMS TC_G_05_CSMS TC_G_07_CSMS TC_G_08_CSMS G03.FR.01 G03.FR.08 G04.FR.01 G04.FR.09 %s is made Inoperative, stays so over a power cut, and comes back',
    async (_, evse, states) => {
      const duet = await Duet.start({ version, topology: TWO });
      const at = evse === undefined ? {} : { evse };
      const seen = async () => [await duet.connectorStatus(1), await duet.connectorStatus(2)];
      expect(await duet.status('ChangeAvailability', { operationalStatus: 'Inoperative', ...at })).toBe('Accepted');
      expect(await seen()).toEqual(states);
      duet.cutStation();
      await duet.clock.advance(10_000);
      duet.startStation();
      await duet.clock.until('it is back', () => duet.station.facts().registration === 'accepted');
      await duet.clock.advance(5_000);
      expect(await seen()).toEqual(states);
      await duet.plug(states.indexOf('Unavailable') + 1);
      await duet.present(CARD, states.indexOf('Unavailable') + 1);
      expect(await duet.transactions()).toEqual([]);
      expect(await duet.status('ChangeAvailability', { operationalStatus: 'Operative', ...at })).toBe('Accepted');
      expect((await seen()).filter((status) => status === 'Unavailable')).toEqual([]);
    },
  );

  test('TC_G_11_CSMS G03.FR.05 G01.FR.05 during a transaction the change is Scheduled, and happens at its end without a flicker', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    expect(await duet.status('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } })).toBe('Scheduled');
    expect(await duet.connectorStatus()).toBe('Occupied');
    const from = duet.clock.now();
    await duet.stop();
    expect(await duet.connectorStatus()).toBe('Unavailable');
    const states = duet.trace
      .filter((event) => event.kind === 'connector' && event.at >= from)
      .map((event) => (event.kind === 'connector' ? event.status : ''));
    expect(states).not.toContain('Available');
  });

  test('G02.FR.01 G02.FR.03 G02.FR.04 heartbeats keep the clock of the station', async () => {
    const set: number[] = [];
    const duet = await Duet.start({ version, station: { setClock: (at) => set.push(at) } });
    await duet.settle(duet.useCases.setTestOverrides('CS-1', { clockOffset: 7_200 }));
    await duet.clock.advance(301_000);
    expect(Math.abs((set.at(-1) ?? 0) - duet.clock.now() - 7_200_000)).toBeLessThan(5_000);
    const told = set.length;
    expect(await duet.set('ClockCtrlr', 'TimeSource', 'RealTimeClock')).toBe('Accepted');
    await duet.clock.advance(600_000);
    expect(set).toHaveLength(told);
  });

  test('TC_G_20_CSMS G05.FR.01 G05.FR.02 G05.FR.03 a lock that fails: nothing flows, and the CSMS keeps the event', async () => {
    const duet = await Duet.start({ version });
    duet.hardware.lockState(1, 1, 'fail');
    await duet.plug();
    await duet.present();
    expect(duet.evse().flow).toBe('none');
    expect(duet.worldMWh()).toBe(0);
    const notices = await duet.csms.kernel.read.notices(duet.row, 100);
    const events = notices
      .filter(({ action }) => action === 'NotifyEvent')
      .flatMap(({ body }): Ocpp.EventDataType[] => JSON.parse(body).eventData);
    const problem = events.find((event) => event.component.name === 'ConnectorPlugRetentionLock');
    expect(problem).toMatchObject({ variable: { name: 'Problem' }, actualValue: 'true', component: { evse: { id: 1, connectorId: 1 } } });
    const known = await duet.csms.kernel.read.variables(duet.row);
    expect(known.find((row) => row.component === 'ConnectorPlugRetentionLock' && row.variable === 'Problem')?.value).toBe('true');
  });

  test('B04.FR.01 B04.FR.02 after a short outage only what changed is told, after a long one everything', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    const told = async () => (await duet.heard(version === 'ocpp2.1' ? 'NotifyEvent' : 'StatusNotification')).length;
    const before = await told();
    await duet.offline();
    await duet.plug(2);
    await duet.online();
    expect((await told()) - before).toBe(1);
    expect(await duet.connectorStatus(2)).toBe('Occupied');
    await duet.offline();
    await duet.clock.advance(120_000);
    await duet.online();
    expect((await told()) - before).toBe(3);
  });

  test('B04.FR.02 a status whose answer was lost counts as not told', async () => {
    const duet = await Duet.start({ version });
    duet.hardware.plug(1, 1, { readyAfterS: 0 });
    await duet.clock.until('the CSMS stored Occupied', () =>
      duet.trace.some((event) => event.kind === 'frame' && event.text.includes('Occupied')),
    );
    await duet.clock.advance(3); // received and stored; the answer is under way
    await duet.offline();
    duet.hardware.unplug(1);
    await duet.clock.advance(2_000);
    await duet.online();
    expect(await duet.connectorStatus()).toBe('Available');
  });
});
