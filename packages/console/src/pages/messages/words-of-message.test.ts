import { expect, test } from 'vitest';
import { wordsOfMessage } from './words-of-message.ts';

const meterValue = [
  {
    timestamp: '2030-01-01T00:00:00Z',
    sampledValue: [
      { value: 84_600, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
      { value: 12.5, unitOfMeasure: { unit: 'kWh' } },
      { value: 61, measurand: 'SoC' },
      { value: 230, measurand: 'Voltage', phase: 'L1' },
    ],
  },
];
const variable = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };

test.each([
  [
    'TransactionEvent',
    {
      eventType: 'Updated',
      triggerReason: 'MeterValuePeriodic',
      seqNo: 84,
      transactionInfo: { transactionId: '9f31c6d2-5a0e' },
      meterValue,
    },
    'Updated, MeterValuePeriodic, seqNo 84, 84.6 kW, 12.5 kWh, SoC 61 %, 9f31c6d2',
  ],
  [
    'TransactionEvent',
    {
      eventType: 'Started',
      triggerReason: 'CablePluggedIn',
      seqNo: 0,
      offline: true,
      evse: { id: 1, connectorId: 2 },
      idToken: { idToken: '04AABB7C02', type: 'ISO14443' },
      transactionInfo: { transactionId: 'a', chargingState: 'EVConnected' },
    },
    'Started, CablePluggedIn, seqNo 0, offline, EVSE 1 connector 2, EVConnected, token …7C02, a',
  ],
  ['StatusNotification', { evseId: 1, connectorId: 1, connectorStatus: 'Available' }, 'EVSE 1 connector 1, Available'],
  [
    'BootNotification',
    { reason: 'PowerUp', chargingStation: { vendorName: 'Busbar', model: 'AC22', firmwareVersion: '2.1' } },
    'PowerUp, Busbar AC22, firmware 2.1',
  ],
  ['Authorize', { idToken: { idToken: '04AABB7C02', type: 'ISO14443' } }, 'token …7C02, ISO14443'],
  ['Authorize', { idToken: { idToken: '', type: 'NoAuthorization' } }, 'NoAuthorization'],
  ['SetVariables', { setVariableData: [{ ...variable, attributeValue: '600' }] }, 'OCPPCommCtrlr.HeartbeatInterval = 600'],
  ['GetVariables', { getVariableData: [variable, variable, variable] }, 'OCPPCommCtrlr.HeartbeatInterval +2'],
  [
    'NotifyEvent',
    {
      eventData: [{ component: { name: 'PowerModule', evse: { id: 7 } }, variable: { name: 'Problem' }, actualValue: 'true', severity: 4 }],
    },
    'PowerModule/7.Problem = true, severity 4',
  ],
  ['Reset', { type: 'OnIdle', evseId: 1 }, 'OnIdle, EVSE 1'],
  ['ChangeAvailability', { operationalStatus: 'Inoperative' }, 'Inoperative'],
  ['MeterValues', { evseId: 1, meterValue }, 'EVSE 1, 84.6 kW, 12.5 kWh, SoC 61 %'],
  ['NotifyReport', { requestId: 3, seqNo: 0, tbc: true, reportData: [{}, {}] }, 'requestId 3, part 0, 2 variables, more follows'],
  ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: 'x' }, 'StartupOfTheDevice'],
  ['Unheard', { a: 1, b: 'two', c: { d: 1 }, e: true }, 'a 1, b two, e true'],
  ['Unheard', { c: [{ d: 1 }] }, 'd 1'],
  ['Heartbeat', {}, ''],
  ['Reset', null, ''],
  ['TransactionEvent', 'nonsense', ''],
  ['TransactionEvent', { transactionInfo: 7, meterValue: [null, { sampledValue: 'x' }], seqNo: {} }, ''],
])('%s %j', (action, payload, expected) => {
  expect(wordsOfMessage(action, payload)).toBe(expected);
});

test('however much a station says, it stays a line', () => {
  expect(wordsOfMessage('DataTransfer', { vendorId: 'x'.repeat(1000) })).toHaveLength(160);
});
