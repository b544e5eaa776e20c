import { variablesOf } from '../model.ts';
import { ONLY_21, ONLY_201, TIME_SOURCES } from './values.ts';

const data = variablesOf('DeviceDataCtrlr');
/** How much of the device model fits into one message. */
export const DeviceDataCtrlr = {
  BytesPerMessageGetReport: data('BytesPerMessage', 'integer', 'Largest GetReport request in bytes.', {
    instance: 'GetReport',
    min: 1,
    required: true,
  }),
  BytesPerMessageGetVariables: data('BytesPerMessage', 'integer', 'Largest GetVariables request in bytes.', {
    instance: 'GetVariables',
    min: 1,
    required: true,
  }),
  BytesPerMessageSetVariables: data('BytesPerMessage', 'integer', 'Largest SetVariables request in bytes.', {
    instance: 'SetVariables',
    min: 1,
    required: true,
  }),
  ConfigurationValueSize: data('ConfigurationValueSize', 'integer', 'Longest value that can be set, also of a list of allowed values.', {
    min: 1,
    max: 1000,
    max21: 2500,
  }),
  ItemsPerMessageGetReport: data('ItemsPerMessage', 'integer', 'Most entries of one GetReport request.', {
    instance: 'GetReport',
    min: 1,
    required: true,
  }),
  ItemsPerMessageGetVariables: data('ItemsPerMessage', 'integer', 'Most entries of one GetVariables request.', {
    instance: 'GetVariables',
    min: 1,
    required: true,
  }),
  ItemsPerMessageSetVariables: data('ItemsPerMessage', 'integer', 'Most entries of one SetVariables request.', {
    instance: 'SetVariables',
    min: 1,
    required: true,
  }),
  ReportingValueSize: data('ReportingValueSize', 'integer', 'Longest value the station reports.', { min: 1, max: 2500 }),
  ValueSize: data('ValueSize', 'integer', 'Longest value of any kind, where setting and reporting do not differ.', { min: 1 }),
} as const;

const clock = variablesOf('ClockCtrlr');
/** The station's clock and where it gets the time. */
export const ClockCtrlr = {
  DateTime: clock('DateTime', 'dateTime', "The station's present time.", { required: true }),
  NextTimeOffsetTransitionDateTime: clock('NextTimeOffsetTransitionDateTime', 'dateTime', 'When the offset changes next (summer time).', {
    mutability: 'ReadWrite',
  }),
  NtpServerUri: clock('NtpServerUri', 'string', 'Address of an NTP server; further servers are instances 2, 3 …', {
    mutability: 'ReadWrite',
  }),
  NtpSource: clock('NtpSource', 'OptionList', 'Whether the NTP server comes from DHCP or is set by hand.', {
    values: ['DHCP', 'manual'],
    mutability: 'ReadWrite',
  }),
  TimeAdjustmentReportingThreshold: clock(
    'TimeAdjustmentReportingThreshold',
    'integer',
    'A clock step larger than this is reported as the security event SettingSystemTime.',
    { unit: 's', min: 0, mutability: 'ReadWrite' },
  ),
  TimeOffset: clock('TimeOffset', 'string', 'Local time minus UTC, as on the display.', { mutability: 'ReadWrite' }),
  TimeOffsetNextTransition: clock('TimeOffset', 'string', 'The offset after the next change.', {
    instance: 'NextTransition',
    mutability: 'ReadWrite',
  }),
  TimeSource: clock('TimeSource', 'SequenceList', 'Where the time comes from, best source first.', {
    values: TIME_SOURCES,
    mutability: 'ReadWrite',
    required: true,
  }),
  TimeZone: clock('TimeZone', 'string', 'Zone of the display by its IANA name.', { mutability: 'ReadWrite' }),
} as const;

const custom = variablesOf('CustomizationCtrlr');
/** Extensions of vendors. */
export const CustomizationCtrlr = {
  CustomImplementationEnabled: custom('CustomImplementationEnabled', 'boolean', "Whether a vendor's extension is switched on.", {
    instanceOf: 'vendorId',
    mutability: 'ReadWrite',
  }),
  CustomTriggers: custom('CustomTriggers', 'MemberList', 'The custom triggers TriggerMessage may name.', { versions: ONLY_21 }),
} as const;

const controller = variablesOf('Controller');
/** Any embedded controller. */
export const Controller = {
  MaxMsgElements: controller('MaxMsgElements', 'integer', 'Most elements of one message of the kind named by the instance.', {
    versions: ONLY_201,
    min: 0,
  }),
} as const;
