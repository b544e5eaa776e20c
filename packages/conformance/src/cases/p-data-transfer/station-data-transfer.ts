import { stationCase } from '../../case.ts';
import { absentOr, oneOf } from '../../field.ts';
import { booted, variableOf } from '../../states/station.ts';

/** Vendor data (P01) and customData in any message. */

const THRESHOLD = variableOf('OCPPCommCtrlr.OfflineThreshold');

export const stationDataTransfer = [
  stationCase('TC_P_01_CS', 'Data of a vendor nobody knows is not accepted', async (t) => {
    const station = await booted(t);
    await station.call(
      1,
      'DataTransfer',
      { vendorId: `org.example.${t.outside.ids.uuid4()}`, messageId: 'nothing', data: 'x' },
      { status: oneOf('UnknownVendorId', 'UnknownMessageId', 'Rejected') },
      'P01.FR.05',
      'P01.FR.06',
    );
  }),
  stationCase('TC_P_03_CS', 'customData is taken wherever it stands', async (t) => {
    const station = await booted(t);
    const customData = { vendorId: 'org.example', anything: { goes: [1, 2, 3] } };
    await station.call(
      1,
      'SetVariables',
      { customData, setVariableData: [{ ...THRESHOLD, attributeType: 'Actual', attributeValue: '200', customData }] },
      { 'setVariableResult.0.attributeStatus': 'Accepted' },
    );
    await station.call(
      3,
      'GetVariables',
      { customData, getVariableData: [{ ...THRESHOLD, attributeType: 'Actual', customData }] },
      {
        'getVariableResult.0.attributeStatus': 'Accepted',
        'getVariableResult.0.attributeType': absentOr('Actual'),
        'getVariableResult.0.attributeValue': '200',
      },
    );
  }),
];
