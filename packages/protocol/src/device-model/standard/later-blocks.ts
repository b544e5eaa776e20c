import { variablesOf } from '../model.ts';
import { ONLY_21, ONLY_201 } from './values.ts';

/** Controllers of blocks beyond basic charging: what tells a CSMS that they are there, and what they must report. */

const reservation = variablesOf('ReservationCtrlr');
export const ReservationCtrlr = {
  Available: reservation('Available', 'boolean', 'Whether the station can be reserved.'),
  Enabled: reservation('Enabled', 'boolean', 'Whether reservations are taken.', { mutability: 'ReadWrite' }),
  NonEvseSpecific: reservation('NonEvseSpecific', 'boolean', 'Whether any free EVSE can be reserved.'),
} as const;

const smart = variablesOf('SmartChargingCtrlr', 'station', { requiredWith: 'k-smart-charging' });
export const SmartChargingCtrlr = {
  ACPhaseSwitchingSupported: smart('ACPhaseSwitchingSupported', 'boolean', 'Whether the one phase to use can be chosen.'),
  Available: smart('Available', 'boolean', 'Whether charging profiles are understood.'),
  Enabled: smart('Enabled', 'boolean', 'Whether charging profiles are followed.', { mutability: 'ReadWrite' }),
  EntriesChargingProfiles: smart('Entries', 'integer', 'Charging profiles installed; the limit says how many fit.', {
    instance: 'ChargingProfiles',
    min: 0,
    required: true,
  }),
  ExternalControlSignalsEnabled: smart('ExternalControlSignalsEnabled', 'boolean', 'Whether signals from outside OCPP are followed.', {
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
  }),
  LimitChangeSignificance: smart('LimitChangeSignificance', 'decimal', 'A change of limit below this share need not be reported.', {
    unit: 'Percent',
    min: 0,
    mutability: 'ReadWrite',
    required: true,
  }),
  NotifyChargingLimitWithSchedules: smart('NotifyChargingLimitWithSchedules', 'boolean', 'Whether the schedule is sent with a limit.', {
    mutability: 'ReadWrite',
  }),
  PeriodsPerSchedule: smart('PeriodsPerSchedule', 'integer', 'Most periods of one schedule.', { min: 1, required: true }),
  Phases3to1: smart('Phases3to1', 'boolean', 'Whether the station can go from three phases to one while charging.'),
  ProfileStackLevel: smart('ProfileStackLevel', 'integer', 'Highest stack level of a profile.', { min: 0, required: true }),
  RateUnit: smart('RateUnit', 'MemberList', 'The units a schedule may use.', { values: ['A', 'W'], required: true }),
} as const;

const tariff = variablesOf('TariffCostCtrlr', 'station', { requiredWith: 'i-tariff-cost' });
export const TariffCostCtrlr = {
  AvailableCost: tariff('Available', 'boolean', 'Whether costs can be shown.', { instance: 'Cost' }),
  AvailableTariff: tariff('Available', 'boolean', 'Whether tariffs can be shown.', { instance: 'Tariff' }),
  Currency: tariff('Currency', 'string', 'The currency of the station, three letters.', {
    min: 3,
    max: 3,
    mutability: 'ReadWrite',
    required: true,
  }),
  EnabledCost: tariff('Enabled', 'boolean', 'Whether costs are shown.', { instance: 'Cost', mutability: 'ReadWrite' }),
  EnabledTariff: tariff('Enabled', 'boolean', 'Whether tariffs are shown.', { instance: 'Tariff', mutability: 'ReadWrite' }),
  TariffFallbackMessage: tariff('TariffFallbackMessage', 'string', 'Shown where no tariff is known; in 2.1 one instance per language.', {
    max: 255,
    mutability: 'ReadWrite',
    required: true,
  }),
  TotalCostFallbackMessage: tariff(
    'TotalCostFallbackMessage',
    'string',
    'Shown where no cost is known; in 2.1 one instance per language.',
    {
      max: 255,
      mutability: 'ReadWrite',
      required: true,
    },
  ),
} as const;

const monitoring = variablesOf('MonitoringCtrlr', 'station', { requiredWith: 'n-diagnostics' });
export const MonitoringCtrlr = {
  ActiveMonitoringBase: monitoring('ActiveMonitoringBase', 'OptionList', 'The set of monitors in force.', {
    values: ['All', 'FactoryDefault', 'HardWiredOnly'],
  }),
  ActiveMonitoringLevel: monitoring('ActiveMonitoringLevel', 'integer', 'Severities up to this are reported.', { min: 0, max: 9 }),
  Available: monitoring('Available', 'boolean', 'Whether monitors can be set.'),
  BytesPerMessageClearVariableMonitoring: monitoring('BytesPerMessage', 'integer', 'Largest ClearVariableMonitoring request in bytes.', {
    instance: 'ClearVariableMonitoring',
    min: 1,
  }),
  BytesPerMessageSetVariableMonitoring: monitoring('BytesPerMessage', 'integer', 'Largest SetVariableMonitoring request in bytes.', {
    instance: 'SetVariableMonitoring',
    min: 1,
    required: true,
  }),
  Enabled: monitoring('Enabled', 'boolean', 'Whether monitors report.', { mutability: 'ReadWrite' }),
  ItemsPerMessageClearVariableMonitoring: monitoring('ItemsPerMessage', 'integer', 'Most entries of one ClearVariableMonitoring request.', {
    instance: 'ClearVariableMonitoring',
    min: 1,
  }),
  ItemsPerMessageSetVariableMonitoring: monitoring('ItemsPerMessage', 'integer', 'Most entries of one SetVariableMonitoring request.', {
    instance: 'SetVariableMonitoring',
    min: 1,
    required: true,
  }),
  MonitoringBase: monitoring('MonitoringBase', 'OptionList', 'The set of monitors asked for last.', {
    values: ['All', 'FactoryDefault', 'HardWiredOnly'],
  }),
  MonitoringLevel: monitoring('MonitoringLevel', 'integer', 'The severity level asked for last.', { min: 0, max: 9 }),
  OfflineQueuingSeverity: monitoring('OfflineQueuingSeverity', 'integer', 'Events up to this severity are kept while offline.', {
    min: 0,
    max: 9,
    mutability: 'ReadWrite',
  }),
} as const;

const display = variablesOf('DisplayMessageCtrlr', 'station', { requiredWith: 'o-display-message' });
export const DisplayMessageCtrlr = {
  Available: display('Available', 'boolean', 'Whether there is a display for messages.'),
  DisplayMessages: display('DisplayMessages', 'integer', 'Messages stored; the limit says how many fit.', { min: 0, required: true }),
  Enabled: display('Enabled', 'boolean', 'Whether messages are shown.', { mutability: 'ReadWrite' }),
  Language: display('Language', 'OptionList', 'The language of the station.', {
    versions: ONLY_21,
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
  }),
  PersonalMessageSize: display('PersonalMessageSize', 'integer', 'Longest personal message of a token.', { versions: ONLY_201, min: 0 }),
  SupportedFormats: display('SupportedFormats', 'MemberList', 'The formats the display understands.', {
    values: ['ASCII', 'HTML', 'URI', 'UTF8'],
    values21: ['QRCODE'],
    required: true,
  }),
  SupportedPriorities: display('SupportedPriorities', 'MemberList', 'The priorities the display understands.', {
    values: ['AlwaysFront', 'InFront', 'NormalCycle'],
    required: true,
  }),
  SupportedStates: display('SupportedStates', 'MemberList', 'The states a message can be tied to.', {
    versions: ONLY_21,
    values: ['Charging', 'Faulted', 'Idle', 'Unavailable', 'Suspended', 'Discharging'],
    required: true,
  }),
} as const;

const iso = variablesOf('ISO15118Ctrlr', 'station', { requiredWith: 'm-certificates', mutability: 'ReadWrite' });
export const ISO15118Ctrlr = {
  CentralContractValidationAllowed: iso('CentralContractValidationAllowed', 'boolean', 'Whether the CSMS may check contracts instead.'),
  ContractCertificateInstallationEnabled: iso('ContractCertificateInstallationEnabled', 'boolean', 'Whether contracts can be installed.'),
  ContractValidationOffline: iso('ContractValidationOffline', 'boolean', 'Whether contracts are checked while offline.', {
    required: true,
  }),
  CountryName: iso('CountryName', 'string', 'Country in the certificate request of the EVSE side.'),
  MaxScheduleEntries: iso('MaxScheduleEntries', 'integer', 'Most schedule entries the EV takes.', { mutability: 'ReadOnly', min: 0 }),
  OrganizationName: iso('OrganizationName', 'string', 'Organisation in the certificate request of the EVSE side.'),
  PnCEnabled: iso('PnCEnabled', 'boolean', 'Whether plug and charge is on.'),
  RequestMeteringReceipt: iso('RequestMeteringReceipt', 'boolean', 'Whether the EV must sign meter readings.'),
  RequestedEnergyTransferMode: iso('RequestedEnergyTransferMode', 'OptionList', 'The mode the EV asked for.', { mutability: 'ReadOnly' }),
  SeccId: iso('SeccId', 'string', 'Common name in the certificate request of the EVSE side.'),
  V2GCertificateInstallationEnabled: iso('V2GCertificateInstallationEnabled', 'boolean', 'Whether the V2G certificate can be renewed.'),
} as const;
