import { variablesOf } from '../model.ts';
import { ONLY_21, TX_POINTS, TX_STOP_POINTS } from './values.ts';

const tx = variablesOf('TxCtrlr');
/** When a transaction begins and ends. */
export const TxCtrlr = {
  AllowEnergyTransferResumption: tx(
    'AllowEnergyTransferResumption',
    'boolean',
    'Whether energy flows again when a transaction is resumed.',
    {
      mutability: 'ReadWrite',
      mayBeReadOnly: true,
      versions: ONLY_21,
    },
  ),
  ChargingTime: tx('ChargingTime', 'decimal', 'Seconds since energy first flowed in the present transaction.', { unit: 's', min: 0 }),
  EVConnectionTimeOut: tx('EVConnectionTimeOut', 'integer', 'Seconds from authorization to the plug before the authorization lapses.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
    required: true,
  }),
  EnergyTransferResumptionRandomRange: tx(
    'EnergyTransferResumptionRandomRange',
    'integer',
    'Longest random wait before energy flows again after a power cut.',
    { unit: 's', min: 0, mutability: 'ReadWrite', versions: ONLY_21 },
  ),
  MaxEnergyOnInvalidId: tx('MaxEnergyOnInvalidId', 'integer', 'Energy an invalid token may still take, so that the driver gets home.', {
    unit: 'Wh',
    min: 0,
    mutability: 'ReadWrite',
  }),
  ResumptionTimeout: tx('ResumptionTimeout', 'integer', 'Longest interruption after which a transaction goes on.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    versions: ONLY_21,
  }),
  StopTxOnEVSideDisconnect: tx('StopTxOnEVSideDisconnect', 'boolean', 'Whether unplugging the EV ends the transaction.', {
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
  }),
  StopTxOnInvalidId: tx('StopTxOnInvalidId', 'boolean', 'Whether a token refused afterwards ends energy transfer at once.', {
    mutability: 'ReadWrite',
    required: true,
  }),
  SupportedLimits: tx('SupportedLimits', 'MemberList', 'The limits a transaction may be given.', {
    values: ['maxCost', 'maxEnergy', 'maxTime', 'maxSoC'],
    versions: ONLY_21,
  }),
  TxBeforeAcceptedEnabled: tx(
    'TxBeforeAcceptedEnabled',
    'boolean',
    'Whether charging is allowed before the CSMS has accepted the station.',
    {
      mutability: 'ReadWrite',
    },
  ),
  TxStartPoint: tx('TxStartPoint', 'MemberList', 'What begins a transaction: the first of these to happen.', {
    values: TX_POINTS,
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
  }),
  TxStopPoint: tx('TxStopPoint', 'MemberList', 'What ends a transaction: the first of these to be over.', {
    values: TX_STOP_POINTS,
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
    errata: '2.24',
  }),
} as const;
