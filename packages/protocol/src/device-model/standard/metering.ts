import { variablesOf } from '../model.ts';
import { MEASURANDS, MEASURANDS_21, ONLY_21 } from './values.ts';

const measurands = { values: MEASURANDS, values21: MEASURANDS_21, mutability: 'ReadWrite' } as const;
const interval = { unit: 's', min: 0, mutability: 'ReadWrite' } as const;

const sampled = variablesOf('SampledDataCtrlr');
/** Samples taken during a transaction. */
export const SampledDataCtrlr = {
  Available: sampled('Available', 'boolean', 'Whether samples can be taken.'),
  Enabled: sampled('Enabled', 'boolean', 'Whether samples are taken.', { mutability: 'ReadWrite' }),
  RegisterValuesWithoutPhases: sampled(
    'RegisterValuesWithoutPhases',
    'boolean',
    'The energy register is given as a total, not per phase.',
    {
      mutability: 'ReadWrite',
    },
  ),
  SignReadings: sampled('SignReadings', 'boolean', 'Whether readings are signed.', { mutability: 'ReadWrite' }),
  SignStartedReadings: sampled('SignStartedReadings', 'boolean', 'Whether the readings of the beginning are signed.', {
    mutability: 'ReadWrite',
    versions: ONLY_21,
  }),
  SignUpdatedReadings: sampled('SignUpdatedReadings', 'boolean', 'Whether the readings in between are signed.', {
    mutability: 'ReadWrite',
    versions: ONLY_21,
  }),
  TxEndedInterval: sampled('TxEndedInterval', 'integer', 'Seconds between samples kept for the Ended event; 0 takes the first and last.', {
    ...interval,
    required: true,
  }),
  TxEndedMeasurands: sampled('TxEndedMeasurands', 'MemberList', 'What is measured for the Ended event.', { ...measurands, required: true }),
  TxStartedMeasurands: sampled('TxStartedMeasurands', 'MemberList', 'What is measured for the Started event.', {
    ...measurands,
    required: true,
  }),
  TxUpdatedInterval: sampled('TxUpdatedInterval', 'integer', 'Seconds between Updated events with samples; 0 sends none.', {
    ...interval,
    required: true,
  }),
  TxUpdatedMeasurands: sampled('TxUpdatedMeasurands', 'MemberList', 'What is measured for the Updated events.', {
    ...measurands,
    required: true,
  }),
  UpstreamInterval: sampled('UpstreamInterval', 'integer', 'Seconds between samples of the grid side.', { ...interval, versions: ONLY_21 }),
  UpstreamMeasurands: sampled('UpstreamMeasurands', 'MemberList', 'What is measured on the grid side.', {
    ...measurands,
    versions: ONLY_21,
  }),
} as const;

const aligned = variablesOf('AlignedDataCtrlr');
/** Samples taken on the clock: every quarter of an hour, say. */
export const AlignedDataCtrlr = {
  Available: aligned('Available', 'boolean', 'Whether clock-aligned samples can be taken.'),
  Enabled: aligned('Enabled', 'boolean', 'Whether clock-aligned samples are taken.', { mutability: 'ReadWrite' }),
  Interval: aligned('Interval', 'integer', 'Seconds between clock-aligned samples, counted from midnight UTC; 0 sends none.', {
    ...interval,
    required: true,
  }),
  Measurands: aligned('Measurands', 'MemberList', 'What is measured on the clock.', { ...measurands, required: true }),
  SendDuringIdle: aligned('SendDuringIdle', 'boolean', 'Send clock-aligned samples only while there is no transaction.', {
    mutability: 'ReadWrite',
  }),
  SignReadings: aligned('SignReadings', 'boolean', 'Whether clock-aligned readings are signed.', { mutability: 'ReadWrite' }),
  SignUpdatedReadings: aligned('SignUpdatedReadings', 'boolean', 'Whether clock-aligned readings in between are signed.', {
    mutability: 'ReadWrite',
    versions: ONLY_21,
  }),
  TxEndedInterval: aligned('TxEndedInterval', 'integer', 'Seconds between clock-aligned samples kept for the Ended event.', {
    ...interval,
    required: true,
  }),
  TxEndedMeasurands: aligned('TxEndedMeasurands', 'MemberList', 'What is measured on the clock for the Ended event.', {
    ...measurands,
    required: true,
  }),
  UpstreamInterval: aligned('UpstreamInterval', 'integer', 'Seconds between clock-aligned samples of the grid side.', {
    ...interval,
    versions: ONLY_21,
  }),
  UpstreamMeasurands: aligned('UpstreamMeasurands', 'MemberList', 'What is measured on the clock on the grid side.', {
    ...measurands,
    versions: ONLY_21,
  }),
} as const;

const fiscal = variablesOf('FiscalMetering', 'evse');
/** The meter a bill is made from. */
export const FiscalMetering = {
  EnergyExport: fiscal('EnergyExport', 'decimal', 'Energy given back in the present transaction.', { unit: 'Wh', min: 0 }),
  EnergyExportRegister: fiscal('EnergyExportRegister', 'decimal', 'Energy given back in all.', { unit: 'Wh', min: 0 }),
  EnergyImport: fiscal('EnergyImport', 'decimal', 'Energy delivered in the present transaction.', { unit: 'Wh', min: 0 }),
  EnergyImportRegister: fiscal('EnergyImportRegister', 'decimal', 'Energy delivered in all.', { unit: 'Wh', min: 0 }),
  PublicKey: fiscal('PublicKey', 'string', 'The key that proves signed readings.', { versions: ONLY_21 }),
} as const;
