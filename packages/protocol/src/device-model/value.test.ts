import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuthCtrlr, DeviceDataCtrlr, OCPPCommCtrlr, SampledDataCtrlr, SecurityCtrlr, SmartChargingCtrlr, TxCtrlr } from './keys.ts';
import { validateValue } from './value.ts';

const good: [string, Parameters<typeof validateValue>[0], string][] = [
  ['boolean', TxCtrlr.StopTxOnInvalidId, 'true'],
  ['boolean', TxCtrlr.StopTxOnInvalidId, 'false'],
  ['integer', OCPPCommCtrlr.HeartbeatInterval, '300'],
  ['the lower limit', OCPPCommCtrlr.HeartbeatInterval, '1'],
  ['zero', SampledDataCtrlr.TxUpdatedInterval, '0'],
  ['decimal', SmartChargingCtrlr.LimitChangeSignificance, '2.5'],
  ['decimal without fraction', SmartChargingCtrlr.LimitChangeSignificance, '2'],
  ['member list', TxCtrlr.TxStartPoint, 'EVConnected,Authorized'],
  ['member list in another order', TxCtrlr.TxStartPoint, 'Authorized,EVConnected'],
  ['empty member list', SampledDataCtrlr.TxUpdatedMeasurands, ''],
  ['option', OCPPCommCtrlr.PublicKeyWithSignedMeterValue, 'Never'],
  ['sequence whose values the station names', OCPPCommCtrlr.NetworkConfigurationPriority, '1,0'],
  ['text of the greatest length', SecurityCtrlr.Identity, 'x'.repeat(48)],
  ['characters are counted, not code units', SecurityCtrlr.Identity, '🔌'.repeat(48)],
  ['date and time', { type: 'dateTime' }, '2026-02-28T23:59:60Z'],
];
const bad: [string, Parameters<typeof validateValue>[0], string, RegExp][] = [
  ['another word for true', TxCtrlr.StopTxOnInvalidId, 'TRUE', /neither/],
  ['number for a boolean', TxCtrlr.StopTxOnInvalidId, '1', /neither/],
  ['empty integer', OCPPCommCtrlr.HeartbeatInterval, '', /not an integer/],
  ['fraction', OCPPCommCtrlr.HeartbeatInterval, '1.5', /not an integer/],
  ['space', OCPPCommCtrlr.HeartbeatInterval, ' 10', /not an integer/],
  ['below the limit', OCPPCommCtrlr.HeartbeatInterval, '0', /below 1/],
  ['negative', SampledDataCtrlr.TxUpdatedInterval, '-5', /below 0/],
  ['beyond 32 bits', SampledDataCtrlr.TxUpdatedInterval, '2147483648', /32 bits/],
  ['word for a decimal', SmartChargingCtrlr.LimitChangeSignificance, 'ten', /not a number/],
  ['infinite decimal', SmartChargingCtrlr.LimitChangeSignificance, '1e999', /not a number/],
  ['unknown member', TxCtrlr.TxStartPoint, 'EVConnected,Moon', /"Moon" is not one/],
  ['member with a space', TxCtrlr.TxStartPoint, 'EVConnected, Authorized', /not one/],
  ['member twice', TxCtrlr.TxStartPoint, 'EVConnected,EVConnected', /twice/],
  ['empty member', TxCtrlr.TxStartPoint, 'EVConnected,', /empty member/],
  ['DataSigned as a stop point (errata 2.24)', TxCtrlr.TxStopPoint, 'DataSigned', /not one/],
  ['two options', OCPPCommCtrlr.PublicKeyWithSignedMeterValue, 'Never,EveryMeterValue', /not one/],
  ['too long', SecurityCtrlr.Identity, 'x'.repeat(49), /longer than 48/],
  ['too short', SecurityCtrlr.BasicAuthPassword, 'x'.repeat(15), /shorter than 16/],
  ['date without time', { type: 'dateTime' }, '2026-02-28', /date and time/],
];

describe('the check of values by type, format, range and list members (B05.FR.07, B05.FR.08)', () => {
  test.each(good)('accepts: %s', (_, rules, text) => expect(validateValue(rules, text)).toBeUndefined());
  test.each(bad)('refuses: %s', (_, rules, text, why) => expect(validateValue(rules, text)).toMatch(why));

  test('what only 2.1 knows is refused in 2.0.1', () => {
    expect(validateValue(AuthCtrlr.SupportedIdTokenType, 'ISO14443,VIN', 'ocpp2.1')).toBeUndefined();
    expect(validateValue(AuthCtrlr.SupportedIdTokenType, 'ISO14443,VIN', 'ocpp2.0.1')).toMatch(/"VIN"/);
    expect(validateValue(DeviceDataCtrlr.ConfigurationValueSize, '2000', 'ocpp2.1')).toBeUndefined();
    expect(validateValue(DeviceDataCtrlr.ConfigurationValueSize, '2000', 'ocpp2.0.1')).toBe('above 1000');
  });

  test('every 32-bit integer is one, and the reason never exceeds what statusInfo holds', () => {
    fc.assert(fc.property(fc.integer(), (value) => validateValue({ type: 'integer' }, String(value)) === undefined));
    fc.assert(fc.property(fc.string(), (text) => (validateValue(TxCtrlr.TxStartPoint, text) ?? '').length <= 512));
  });
});
