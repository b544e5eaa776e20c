import type { RequestOf } from '@busbar/protocol';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { absent } from '../../field.ts';
import {
  allConnectorsAre,
  booted,
  type ConnectorState,
  charging,
  connectorIs,
  evConnectedPostSession,
  stopAuthorized,
} from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** ChangeAvailability of station, EVSE and connector (G03, G04), and the lock that fails (G05). */

type Level = 'station' | 'evse' | 'connector';
type Operational = RequestOf<'ChangeAvailability'>['operationalStatus'];

async function changes(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  level: Level,
  operationalStatus: Operational,
  scheduled = false,
): Promise<void> {
  const { evseId, connectorId } = t.settings;
  const evse = level === 'station' ? {} : { evse: { id: evseId, ...(level === 'connector' ? { connectorId } : {}) } };
  await t.command(station, step, {
    action: 'ChangeAvailability',
    payload: { operationalStatus, ...evse },
    expect: {
      operationalStatus,
      ...(level === 'station' ? { evse: absent } : { 'evse.id': evseId, 'evse.connectorId': level === 'connector' ? connectorId : absent }),
    },
    requirements: [level === 'station' ? 'G04.FR.01' : 'G03.FR.01'],
    answer: { status: scheduled ? 'Scheduled' : 'Accepted' },
  });
}

const tells = (t: CsmsTest, station: ToolStation, step: number, level: Level, state: ConnectorState): Promise<void> =>
  level === 'station' ? allConnectorsAre(t, station, step, state) : connectorIs(t, station, step, state);

const outOfService = (id: string, title: string, level: Level) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await changes(t, station, 1, level, 'Inoperative');
    await tells(t, station, 3, level, 'Unavailable');
  });
const backInService = (id: string, title: string, level: Level) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await changes(t, station, 0, level, 'Inoperative');
    await tells(t, station, 0, level, 'Unavailable');
    await changes(t, station, 1, level, 'Operative');
    await tells(t, station, 3, level, 'Available');
  });
const afterTransaction = (id: string, title: string, level: Level) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await changes(t, station, 1, level, 'Inoperative', true);
    if (level === 'station') await connectorIs(t, station, 3, 'Unavailable', 2, 1);
    await stopAuthorized(tx, 5);
    await evConnectedPostSession(tx, 6);
    await tx.event(7, { triggerReason: 'EVCommunicationLost', chargingState: 'Idle', stoppedReason: 'EVDisconnected', eventType: 'Ended' });
    await connectorIs(t, station, 8, 'Unavailable');
  });

export const csmsAvailability = [
  outOfService('TC_G_03_CSMS', 'An EVSE is taken out of service', 'evse'),
  backInService('TC_G_04_CSMS', 'An EVSE is put back into service', 'evse'),
  outOfService('TC_G_05_CSMS', 'The station is taken out of service', 'station'),
  backInService('TC_G_06_CSMS', 'The station is put back into service', 'station'),
  outOfService('TC_G_07_CSMS', 'A connector is taken out of service', 'connector'),
  backInService('TC_G_08_CSMS', 'A connector is put back into service', 'connector'),
  afterTransaction('TC_G_11_CSMS', 'An EVSE goes out of service after its transaction', 'evse'),
  afterTransaction('TC_G_14_CSMS', 'The station goes out of service after its transaction', 'station'),
  afterTransaction('TC_G_17_CSMS', 'A connector goes out of service after its transaction', 'connector'),
  csmsCase('TC_G_20_CSMS', 'The CSMS takes the event of a lock that fails', async (t) => {
    const station = await booted(t);
    const { evseId, connectorId } = t.settings;
    await station.send(1, 'NotifyEvent', {
      generatedAt: t.timestamp(),
      seqNo: 0,
      tbc: false,
      eventData: [
        {
          eventId: 1,
          timestamp: t.timestamp(),
          trigger: 'Delta',
          actualValue: 'true',
          eventNotificationType: 'HardWiredMonitor',
          component: { name: 'ConnectorPlugRetentionLock', evse: { id: evseId, connectorId } },
          variable: { name: 'Problem' },
        },
      ],
    });
  }),
];
