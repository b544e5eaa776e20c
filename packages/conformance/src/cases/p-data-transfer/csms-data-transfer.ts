import { csmsCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import { booted } from '../../states/csms.ts';

/** Vendor data (P02) and customData in any message. */

export const csmsDataTransfer = [
  csmsCase('TC_P_02_CSMS', 'Data of a vendor nobody knows is not accepted', async (t) => {
    const station = await booted(t);
    const answer = await station.send(1, 'DataTransfer', {
      vendorId: `org.example.${t.outside.ids.uuid4()}`,
      messageId: 'nothing',
      data: 'x',
    });
    t.check(2, answer, { status: oneOf('UnknownVendorId', 'UnknownMessageId', 'Rejected') }, 'P02.FR.06', 'P02.FR.07');
  }),
  csmsCase('TC_P_03_CSMS', 'customData is taken wherever it stands', async (t) => {
    const station = await booted(t);
    const customData = { vendorId: 'org.example', anything: { goes: [1, 2, 3] } };
    const { evseId, connectorId } = t.settings;
    await station.send(1, 'StatusNotification', {
      timestamp: t.timestamp(),
      connectorStatus: 'Available',
      evseId,
      connectorId,
      customData,
    });
    await t
      .transaction(station)
      .event(3, { triggerReason: 'CablePluggedIn', chargingState: 'EVConnected', customData, infoCustomData: customData });
  }),
];
