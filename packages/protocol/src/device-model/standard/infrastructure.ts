import { variablesOf } from '../model.ts';
import { AVAILABILITY_STATES, ONLY_21 } from './values.ts';

const state = { values: AVAILABILITY_STATES, required: true } as const;

const station = variablesOf('ChargingStation');
export const ChargingStation = {
  ActiveTransactionId: station('ActiveTransactionId', 'string', 'The transaction that runs now.', { versions: ONLY_21 }),
  AllowNewSessionsPendingFirmwareUpdate: station(
    'AllowNewSessionsPendingFirmwareUpdate',
    'boolean',
    'Whether drivers may start while a firmware update waits for the others to finish.',
    { mutability: 'ReadWrite' },
  ),
  AvailabilityState: station('AvailabilityState', 'OptionList', 'The state of the station as a whole.', state),
  Available: station('Available', 'boolean', 'The station exists and is wired.', { required: true }),
  Model: station('Model', 'string', "The maker's name of the model.", { max: 50 }),
  Problem: station('Problem', 'boolean', 'Something hinders the station.'),
  SupplyPhases: station('SupplyPhases', 'integer', 'Phases of the supply: 1 or 3, 0 for direct current.', {
    min: 0,
    max: 3,
    required: true,
  }),
  VendorName: station('VendorName', 'string', 'The maker of the station.', { max: 50 }),
} as const;

const evse = variablesOf('EVSE', 'evse');
export const EVSE = {
  ActiveTransactionId: evse('ActiveTransactionId', 'string', 'The transaction that runs here.', { versions: ONLY_21 }),
  AllowReset: evse('AllowReset', 'boolean', 'Whether this EVSE can be reset alone.'),
  AvailabilityState: evse('AvailabilityState', 'OptionList', 'The state of the EVSE.', state),
  Available: evse('Available', 'boolean', 'The EVSE exists and is wired.', { required: true }),
  ChargingState: evse('ChargingState', 'OptionList', 'How far the charging is.', {
    values: ['EVConnected', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Idle'],
    versions: ONLY_21,
  }),
  DCInputPhaseControl: evse('DCInputPhaseControl', 'boolean', 'Whether the phases of the supply of a DC EVSE can be chosen.', {
    versions: ONLY_21,
  }),
  DischargePower: evse('DischargePower', 'decimal', 'Power flowing back; the limit is what is possible.', { unit: 'W', versions: ONLY_21 }),
  EvseId: evse('EvseId', 'string', 'Name of the EVSE as drivers and roaming partners know it.'),
  ISO15118EvseId: evse('ISO15118EvseId', 'string', 'The id the EVSE gives to the EV.', { max: 37 }),
  Power: evse('Power', 'decimal', 'Power flowing; the limit is the rating and is required.', { unit: 'W', required: true }),
  Problem: evse('Problem', 'boolean', 'Something hinders the EVSE.'),
  SupplyPhases: evse('SupplyPhases', 'integer', 'Phases of the EVSE: 1 or 3, 0 for direct current.', { min: 0, max: 3, required: true }),
} as const;

const connector = variablesOf('Connector', 'connector');
export const Connector = {
  AvailabilityState: connector('AvailabilityState', 'OptionList', 'The state of the connector.', { ...state, errata: '2.66' }),
  Available: connector('Available', 'boolean', 'The connector exists and is wired.', { required: true }),
  ChargeProtocol: connector('ChargeProtocol', 'string', 'How the connector talks with the EV.'),
  ConnectorType: connector('ConnectorType', 'string', 'The kind of plug or socket.', { max: 20, required: true }),
  Problem: connector('Problem', 'boolean', 'Something hinders the connector.'),
  SlotStatus: connector('SlotStatus', 'OptionList', 'The state of a slot for batteries.', {
    values: ['Open', 'Locked', 'Faulted'],
    versions: ONLY_21,
  }),
  SupplyPhases: connector('SupplyPhases', 'integer', 'Phases of the connector: 1 or 3, 0 for direct current.', {
    min: 0,
    max: 3,
    required: true,
  }),
} as const;

const lock = variablesOf('ConnectorPlugRetentionLock', 'connector');
/** The lock that holds the plug while charging (G05). */
export const ConnectorPlugRetentionLock = {
  Active: lock('Active', 'boolean', 'The lock holds the plug.'),
  Problem: lock('Problem', 'boolean', 'The lock does not close or does not open.'),
  Tries: lock('Tries', 'integer', 'Tries the lock took last time.', { min: 0 }),
} as const;
