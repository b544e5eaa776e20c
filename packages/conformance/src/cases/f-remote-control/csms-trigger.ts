import type { RequestOf } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import type { Fields } from '../../field.ts';
import { booted, charging, connectorIs, reading, sendBoot } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** TriggerMessage: the CSMS asks, and takes what comes (F06). */

type Requested = RequestOf<'TriggerMessage'>['requestedMessage'];

interface Triggers {
  readonly message: Requested;
  /** The EVSE, and on wish its connector, that is asked about; all when left out. */
  readonly evse?: 'evse' | 'connector';
  readonly before?: (t: CsmsTest, station: ToolStation) => Promise<void>;
  readonly sends: (t: CsmsTest, station: ToolStation) => Promise<void>;
}

const triggers = (id: string, title: string, { message, evse, before, sends }: Triggers) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await before?.(t, station);
    const { evseId, connectorId } = t.settings;
    const about = evse === undefined ? {} : { evse: { id: evseId, ...(evse === 'connector' ? { connectorId } : {}) } };
    const expect: Fields = { requestedMessage: message, ...(evse === undefined ? {} : { 'evse.id': evseId }) };
    await t.command(station, 1, {
      action: 'TriggerMessage',
      payload: { requestedMessage: message, ...about },
      expect,
      requirements: evse === undefined ? ['F06.FR.01'] : ['F06.FR.01', 'F06.FR.02'],
      answer: { status: 'Accepted' },
    });
    await sends(t, station);
  });

const meterValues = async (t: CsmsTest, station: ToolStation, evses: readonly number[]): Promise<void> => {
  for (const evseId of evses) await station.send(3, 'MeterValues', { evseId, meterValue: [reading(t, 500, 'Trigger')] });
};
const chargesThenTells = async (t: CsmsTest, station: ToolStation, evses: readonly number[]): Promise<void> => {
  for (const evseId of evses) {
    const tx = await charging(t, station, evseId);
    await tx.event(3, {
      triggerReason: 'Trigger',
      chargingState: 'Charging',
      evse: { id: evseId, connectorId: 1 },
      meterValue: [reading(t, 900, 'Trigger')],
    });
  }
};

export const csmsTrigger = [
  triggers('TC_F_11_CSMS', 'Meter values of one EVSE', {
    message: 'MeterValues',
    evse: 'evse',
    sends: (t, station) => meterValues(t, station, [t.settings.evseId]),
  }),
  triggers('TC_F_12_CSMS', 'Meter values of all EVSEs', { message: 'MeterValues', sends: (t, station) => meterValues(t, station, [1, 2]) }),
  triggers('TC_F_13_CSMS', 'The transaction of one EVSE', {
    message: 'TransactionEvent',
    evse: 'evse',
    sends: (t, station) => chargesThenTells(t, station, [t.settings.evseId]),
  }),
  triggers('TC_F_14_CSMS', 'The transactions of all EVSEs', {
    message: 'TransactionEvent',
    sends: (t, station) => chargesThenTells(t, station, [1, 2]),
  }),
  triggers('TC_F_15_CSMS', 'The state of a log upload', {
    message: 'LogStatusNotification',
    sends: async (_, station) => {
      await station.send(3, 'LogStatusNotification', { status: 'Idle' });
    },
  }),
  triggers('TC_F_18_CSMS', 'The state of a firmware update', {
    message: 'FirmwareStatusNotification',
    sends: async (_, station) => {
      await station.send(3, 'FirmwareStatusNotification', { status: 'Idle' });
    },
  }),
  triggers('TC_F_20_CSMS', 'A heartbeat', {
    message: 'Heartbeat',
    sends: async (t, station) => {
      const { payload, entry } = await station.send(3, 'Heartbeat', {});
      const off = Math.abs(parseInstant(payload.currentTime) - t.now);
      t.that(4, 'currentTime is the present time', off <= t.settings.deviationMs, payload.currentTime, ['G02.FR.04'], {
        entry,
        path: 'currentTime',
      });
    },
  }),
  triggers('TC_F_23_CSMS', 'The state of a free connector', {
    message: 'StatusNotification',
    evse: 'connector',
    sends: (t, station) => connectorIs(t, station, 3, 'Available'),
  }),
  triggers('TC_F_24_CSMS', 'The state of an occupied connector', {
    message: 'StatusNotification',
    evse: 'connector',
    before: (t, station) => connectorIs(t, station, 1, 'Occupied'),
    sends: (t, station) => connectorIs(t, station, 5, 'Occupied'),
  }),
  csmsCase('TC_F_27_CSMS', 'The station cannot do what is asked of it', async (t) => {
    const station = await booted(t);
    await t.command(station, 1, {
      action: 'TriggerMessage',
      payload: { requestedMessage: 'SignCombinedCertificate' },
      expect: { requestedMessage: 'SignCombinedCertificate' },
      requirements: ['F06.FR.08'],
      answer: { status: 'NotImplemented' },
    });
    await sendBoot(t, station, 3, 'ApplicationReset');
  }),
];
