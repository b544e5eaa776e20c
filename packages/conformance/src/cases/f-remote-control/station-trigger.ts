import type { RequestOf, ResponseOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { absentOr, type Fields, present } from '../../field.ts';
import { preparedUpdate } from '../../states/firmware.ts';
import { booted, type ConnectorState, charging, connectorTells, evConnectedPreSession, transactionOf } from '../../states/station.ts';
import type { SutStation } from '../../sut-station.ts';

/** TriggerMessage (F06). */

type Requested = RequestOf<'TriggerMessage'>['requestedMessage'];

const triggers = (
  station: SutStation,
  step: number,
  requestedMessage: Requested,
  evse?: { readonly id: number; readonly connectorId?: number },
  status: ResponseOf<'TriggerMessage'>['status'] = 'Accepted',
  requirement = 'F06.FR.04',
) => station.call(step, 'TriggerMessage', { requestedMessage, ...(evse ? { evse } : {}) }, { status }, requirement);

const connectorState = (id: string, title: string, state: ConnectorState) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const evse = { id: t.settings.evseId, connectorId: t.settings.connectorId };
    if (state === 'Occupied') await evConnectedPreSession(t, station, await transactionOf(t, station));
    station.forget();
    await triggers(station, 1, 'StatusNotification', evse);
    await connectorTells(t, station, 3, state, { requirements: ['F06.FR.05'] });
  });

const triggeredEvent = (station: SutStation, evseId: number, transactionId: string) =>
  station.take(
    3,
    'TransactionEvent',
    {
      'evse.id': absentOr(evseId),
      'transactionInfo.chargingState': 'Charging',
      meterValue: present,
      'meterValue.0.sampledValue.0.context': 'Trigger',
    },
    { where: { triggerReason: 'Trigger', 'transactionInfo.transactionId': transactionId }, requirements: ['F06.FR.07'] },
  );

const firmwareIdle = (id: string, title: string, withEvse: boolean) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    await triggers(
      station,
      1,
      'FirmwareStatusNotification',
      withEvse ? { id: t.settings.evseId } : undefined,
      'Accepted',
      withEvse ? 'F06.FR.03' : 'F06.FR.16',
    );
    await station.take(3, 'FirmwareStatusNotification', { status: 'Idle' }, { requirements: ['L01.FR.25'] });
  });

const readingsOf = (evseId: number): Fields => ({ evseId });

export const stationTrigger = [
  stationCase('TC_F_11_CS', 'Meter values of one EVSE', async (t) => {
    const station = await booted(t);
    await triggers(station, 1, 'MeterValues', { id: t.settings.evseId }, 'Accepted', 'F06.FR.02');
    await station.take(
      3,
      'MeterValues',
      { evseId: t.settings.evseId, 'meterValue.0.sampledValue.0.context': 'Trigger' },
      { requirements: ['F06.FR.06'] },
    );
  }),
  stationCase('TC_F_12_CS', 'Meter values of all EVSEs', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    await triggers(station, 1, 'MeterValues', undefined, 'Accepted', 'F06.FR.11');
    for (const evseId of [1, 2])
      await station.take(
        3,
        'MeterValues',
        { 'meterValue.0.sampledValue.0.context': 'Trigger' },
        { where: readingsOf(evseId), requirements: ['F06.FR.06'] },
      );
  }),
  stationCase('TC_F_13_CS', 'The transaction of one EVSE', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await triggers(station, 1, 'TransactionEvent', { id: tx.evseId }, 'Accepted', 'F06.FR.02');
    await triggeredEvent(station, tx.evseId, tx.id);
  }),
  stationCase('TC_F_14_CS', 'The transactions of all EVSEs', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const txs = [await charging(t, station, 1), await charging(t, station, 2)];
    await triggers(station, 1, 'TransactionEvent', undefined, 'Accepted', 'F06.FR.11');
    for (const tx of txs) await triggeredEvent(station, tx.evseId, tx.id);
  }),
  stationCase('TC_F_15_CS', 'No log is uploaded', async (t) => {
    const station = await booted(t);
    await triggers(station, 1, 'LogStatusNotification', undefined, 'Accepted', 'F06.FR.15');
    await station.take(3, 'LogStatusNotification', { status: 'Idle' }, { requirements: ['F06.FR.15'] });
  }),
  stationCase('TC_F_16_CS', 'A log is being uploaded', async (t) => {
    const station = await booted(t);
    const place = t.page('log', { stall: true });
    const requestId = 1601;
    await station.call(
      1,
      'GetLog',
      { logType: 'DiagnosticsLog', requestId, log: { remoteLocation: place.url } },
      { status: 'Accepted' },
      'N01.FR.01',
    );
    await station.take(3, 'LogStatusNotification', { status: 'Uploading', requestId }, { requirements: ['N01.FR.13'] });
    await triggers(station, 5, 'LogStatusNotification', undefined, 'Accepted', 'F06.FR.14');
    await station.take(7, 'LogStatusNotification', { status: 'Uploading', requestId }, { requirements: ['F06.FR.14'] });
    place.release();
  }),
  firmwareIdle('TC_F_17_CS', 'No firmware is updated; an EVSE that is named does not matter', true),
  firmwareIdle('TC_F_18_CS', 'No firmware is updated', false),
  stationCase('TC_F_19_CS', 'Firmware is being downloaded', async (t) => {
    const station = await booted(t);
    const update = await preparedUpdate(t, station, { stall: true });
    await station.call(1, 'UpdateFirmware', update.request, { status: 'Accepted' }, 'L01.FR.01');
    const { requestId } = update.request;
    await station.take(3, 'FirmwareStatusNotification', { status: 'Downloading', requestId }, { requirements: ['L01.FR.10'] });
    await triggers(station, 5, 'FirmwareStatusNotification');
    await station.take(7, 'FirmwareStatusNotification', { status: 'Downloading', requestId }, { requirements: ['L01.FR.26'] });
    update.place.release();
  }),
  stationCase('TC_F_20_CS', 'A heartbeat', async (t) => {
    const station = await booted(t);
    await triggers(station, 1, 'Heartbeat');
    await station.take(3, 'Heartbeat', {}, { requirements: ['F06.FR.05'] });
  }),
  connectorState('TC_F_23_CS', 'The state of a free connector', 'Available'),
  connectorState('TC_F_24_CS', 'The state of an occupied connector', 'Occupied'),
  stationCase('TC_F_26_CS', 'An accepted station does not boot again when it is asked to', async (t) => {
    const station = await booted(t);
    await triggers(station, 1, 'BootNotification', undefined, 'Rejected', 'F06.FR.17');
  }),
  stationCase('TC_F_27_CS', 'A message that the station does not know how to send', async (t) => {
    const station = await booted(t);
    await triggers(station, 1, 'SignCombinedCertificate', undefined, 'NotImplemented', 'F06.FR.08');
  }),
];
