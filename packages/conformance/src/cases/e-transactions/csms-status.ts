import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { absent } from '../../field.ts';
import { booted, charging, connectorIs, reading } from '../../states/csms.ts';
import type { ToolStation, ToolTransaction } from '../../tool-station.ts';

/** GetTransactionStatus: what the CSMS asks a station that was away (E14). */

interface Asked {
  readonly id: string | undefined;
  readonly ongoing: boolean | undefined;
  readonly queued: boolean;
  readonly requirement: string;
}

const awaitsQuestion = (station: ToolStation, step: number, { id, ongoing, queued, requirement }: Asked) =>
  station.awaits(step, 'GetTransactionStatus', {
    where: { transactionId: id ?? absent },
    requirements: [requirement],
    answer: { messagesInQueue: queued, ...(ongoing === undefined ? {} : { ongoingIndicator: ongoing }) },
  });

/** An operator asks. */
async function asks(t: CsmsTest, station: ToolStation, asked: Asked): Promise<void> {
  const arriving = awaitsQuestion(station, 1, asked);
  const payload = asked.id === undefined ? {} : { transactionId: asked.id };
  await Promise.all([arriving, t.perform({ do: 'call', stationId: station.id, action: 'GetTransactionStatus', payload })]);
}

async function awayAndBack(station: ToolStation): Promise<void> {
  station.disconnect();
  await station.connect(2);
}

const late = (t: CsmsTest, tx: ToolTransaction, step: number) =>
  tx.event(step, { triggerReason: 'MeterValuePeriodic', offline: true, meterValue: [reading(t, 1200, 'Sample.Periodic')] });

export const csmsStatus = [
  csmsCase('TC_E_29_CSMS', 'Asks about an ongoing transaction after the station was away; events are queued', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await awayAndBack(station);
    await asks(t, station, { id: tx.id, ongoing: true, queued: true, requirement: 'E14.FR.02' });
    await late(t, tx, 5);
  }),
  csmsCase('TC_E_30_CSMS', 'Asks about an ongoing transaction; nothing is queued', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await asks(t, station, { id: tx.id, ongoing: true, queued: false, requirement: 'E14.FR.02' });
  }),
  csmsCase('TC_E_31_CSMS', 'Asks about an ended transaction with a gap, and takes the late events', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await awayAndBack(station);
    await connectorIs(t, station, 3, 'Available');
    const [first, second, last] = [tx.seqNo, tx.seqNo + 1, tx.seqNo + 2];
    const arriving = awaitsQuestion(station, 7, { id: tx.id, ongoing: false, queued: true, requirement: 'E14.FR.03' });
    await tx.event(5, {
      eventType: 'Ended',
      triggerReason: 'EVCommunicationLost',
      chargingState: 'Idle',
      stoppedReason: 'EVDisconnected',
      offline: true,
      seqNo: last,
    });
    await Promise.all([
      arriving,
      t.perform({ do: 'call', stationId: station.id, action: 'GetTransactionStatus', payload: { transactionId: tx.id } }),
    ]);
    await tx.event(9, { eventType: 'Updated', triggerReason: 'StopAuthorized', offline: true, seqNo: first });
    await tx.event(11, {
      eventType: 'Updated',
      triggerReason: 'ChargingStateChanged',
      chargingState: 'EVConnected',
      offline: true,
      seqNo: second,
    });
  }),
  csmsCase('TC_E_33_CSMS', 'Asks without an id after the station was away; events are queued', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await awayAndBack(station);
    await asks(t, station, { id: undefined, ongoing: undefined, queued: true, requirement: 'E14.FR.06' });
    await late(t, tx, 5);
  }),
  csmsCase('TC_E_34_CSMS', 'Asks without an id; nothing is queued', async (t) => {
    const station = await booted(t);
    await asks(t, station, { id: undefined, ongoing: undefined, queued: false, requirement: 'E14.FR.06' });
  }),
];
