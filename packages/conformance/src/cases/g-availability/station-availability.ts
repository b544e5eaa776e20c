import type { RequestOf, ResponseOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import {
  allConnectorsTell,
  booted,
  type ConnectorState,
  charging,
  connectorTells,
  evConnectedPostSession,
  evConnectedPreSession,
  parkingBayUnoccupied,
  stopAuthorizedLocally,
  transactionOf,
} from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Connector states (G01) and ChangeAvailability (G03, G04). */

type Level = 'station' | 'evse' | 'connector';
type Operational = RequestOf<'ChangeAvailability'>['operationalStatus'];
type Status = ResponseOf<'ChangeAvailability'>['status'];

const evseOf = (t: StationTest, level: Level): { evse?: { id: number; connectorId?: number } } => {
  const { evseId, connectorId } = t.settings;
  if (level === 'station') return {};
  return { evse: { id: evseId, ...(level === 'connector' ? { connectorId } : {}) } };
};
const changes = (
  t: StationTest,
  station: SutStation,
  step: number,
  level: Level,
  operationalStatus: Operational,
  status: Status = 'Accepted',
) =>
  station.call(
    step,
    'ChangeAvailability',
    { operationalStatus, ...evseOf(t, level) },
    { status },
    level === 'station' ? 'G04.FR.02' : 'G03.FR.02',
  );

/** All connectors that belong to the level. */
async function tell(t: StationTest, station: SutStation, step: number, level: Level, state: ConnectorState): Promise<void> {
  const requirements = [level === 'station' ? 'G04.FR.07' : 'G03.FR.06'];
  if (level === 'station') await allConnectorsTell(t, station, step, state, requirements);
  else await connectorTells(t, station, step, state, { requirements });
}

const twoEvses = { layout: { evses: 2 } } as const;

const outOfService = (id: string, title: string, level: Level) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, twoEvses);
    await changes(t, station, 1, level, 'Inoperative');
    await tell(t, station, 3, level, 'Unavailable');
  });
const backInService = (id: string, title: string, level: Level) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, twoEvses);
    await changes(t, station, 0, level, 'Inoperative');
    await tell(t, station, 0, level, 'Unavailable');
    await changes(t, station, 1, level, 'Operative');
    await tell(t, station, 3, level, 'Available');
  });
const noChange = (id: string, title: string, level: Level, state: Operational) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, twoEvses);
    if (state === 'Inoperative') {
      await changes(t, station, 0, level, 'Inoperative');
      await tell(t, station, 0, level, 'Unavailable');
    }
    await changes(t, station, 1, level, state);
  });
const afterTransaction = (id: string, title: string, level: Level) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, twoEvses);
    const tx = await charging(t, station);
    await changes(t, station, 1, level, 'Inoperative', 'Scheduled');
    if (level === 'station') await connectorTells(t, station, 3, 'Unavailable', { evseId: 2, connectorId: 1, requirements: ['G04.FR.06'] });
    await stopAuthorizedLocally(station, tx, 5);
    await evConnectedPostSession(tx, 8);
    await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
    await parkingBayUnoccupied(station, tx, 14);
    await connectorTells(t, station, 7, 'Unavailable', { requirements: [level === 'station' ? 'G04.FR.06' : 'G03.FR.05'] });
    if (!tx.ended) await tx.takes(5, { eventType: 'Ended' }, ['G03.FR.05'], { eventType: 'Ended' });
  });

/** Out of service, then a reset: still out of service. */
const persists = (id: string, title: string, level: Level, requirement: string) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t, twoEvses);
    await changes(t, station, 1, level, 'Inoperative');
    await tell(t, station, 3, level, 'Unavailable');
    station.forget();
    await station.call(5, 'Reset', { type: 'Immediate' }, { status: 'Accepted' }, 'B11.FR.01');
    await station.goes(5);
    await station.connects(5);
    await station.take(5, 'BootNotification', {}, { requirements: ['B01.FR.01'] });
    await connectorTells(t, station, 5, 'Unavailable', { requirements: [requirement] });
    await connectorTells(t, station, 5, level === 'station' ? 'Unavailable' : 'Available', {
      evseId: 2,
      connectorId: 1,
      requirements: [requirement],
    });
    await station.take(
      7,
      'SecurityEventNotification',
      { type: oneOf('StartupOfTheDevice', 'ResetOrReboot') },
      { requirements: ['A04.FR.01'] },
    );
  });

export const stationAvailability = [
  stationCase('TC_G_01_CS', 'A connector becomes occupied', async (t) => {
    const station = await booted(t);
    await evConnectedPreSession(t, station, await transactionOf(t, station), 1);
  }),
  stationCase('TC_G_02_CS', 'A connector becomes free', async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
    await connectorTells(t, station, 3, 'Available', { requirements: ['G01.FR.01'] });
  }),
  outOfService('TC_G_03_CS', 'An EVSE is taken out of service', 'evse'),
  backInService('TC_G_04_CS', 'An EVSE is put back into service', 'evse'),
  outOfService('TC_G_05_CS', 'The station is taken out of service', 'station'),
  backInService('TC_G_06_CS', 'The station is put back into service', 'station'),
  outOfService('TC_G_07_CS', 'A connector is taken out of service', 'connector'),
  backInService('TC_G_08_CS', 'A connector is put back into service', 'connector'),
  noChange('TC_G_09_CS', 'An EVSE in service is put into service', 'evse', 'Operative'),
  noChange('TC_G_10_CS', 'An EVSE out of service is taken out of service', 'evse', 'Inoperative'),
  afterTransaction('TC_G_11_CS', 'An EVSE goes out of service after its transaction', 'evse'),
  noChange('TC_G_12_CS', 'A station in service is put into service', 'station', 'Operative'),
  noChange('TC_G_13_CS', 'A station out of service is taken out of service', 'station', 'Inoperative'),
  afterTransaction('TC_G_14_CS', 'The station goes out of service after its transaction', 'station'),
  noChange('TC_G_15_CS', 'A connector in service is put into service', 'connector', 'Operative'),
  noChange('TC_G_16_CS', 'A connector out of service is taken out of service', 'connector', 'Inoperative'),
  afterTransaction('TC_G_17_CS', 'A connector goes out of service after its transaction', 'connector'),
  persists('TC_G_18_CS', 'An EVSE stays out of service over a reboot', 'evse', 'G03.FR.08'),
  persists('TC_G_19_CS', 'A connector stays out of service over a reboot', 'connector', 'G03.FR.08'),
  persists('TC_G_21_CS', 'The station stays out of service over a reboot', 'station', 'G04.FR.09'),
];
