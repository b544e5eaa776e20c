import {
  AlignedDataCtrlr,
  AuthCacheCtrlr,
  AuthCtrlr,
  ChargingStation,
  ClockCtrlr,
  CustomizationCtrlr,
  DeviceDataCtrlr,
  LocalAuthListCtrlr,
  listMembers,
  MonitoringCtrlr,
  nameOf,
  OCPPCommCtrlr,
  ReservationCtrlr,
  SampledDataCtrlr,
  SecurityCtrlr,
  SmartChargingCtrlr,
  TariffCostCtrlr,
  TxCtrlr,
  type VariableKey,
  withInstance,
} from '@busbar/protocol/device-model';
import { formatInstant, limits } from '@busbar/runtime';
import { SLOTS } from './blocks/b-provisioning/network-profiles.ts';
import type { StationKind } from './station-kind.ts';
import type { VariableOptions, VariableTable } from './variable-table.ts';

type Add = (key: VariableKey, initial: string, options?: Omit<VariableOptions, 'initial'>) => void;

const readOnly = { mutability: 'ReadOnly' } as const;

/** Every controller variable of a kind of station with the value it starts from. What cannot be honoured is not here, or refuses (B05.FR.09). */
export function addVariables(table: VariableTable, kind: StationKind): void {
  const add: Add = (key, initial, options = {}) => {
    table.add(key, { ...options, initial: kind.variables[nameOf(key)] ?? initial });
  };
  communication(add, kind);
  provisioning(add, kind);
  authorization(add, kind);
  transactions(add, kind);
  metering(add, kind);
  later(add, kind);
}

function communication(add: Add, { movesFiles, networkSlots, organization }: StationKind): void {
  add(OCPPCommCtrlr.ActiveNetworkProfile, '1', { live: ({ profiles }) => `${profiles.active}` });
  add(OCPPCommCtrlr.FileTransferProtocols, movesFiles ? 'HTTP,HTTPS' : ''); // D22
  add(OCPPCommCtrlr.HeartbeatInterval, `${limits.heartbeatIntervalS}`);
  add(OCPPCommCtrlr.MessageAttemptIntervalTransactionEvent, '60');
  add(OCPPCommCtrlr.MessageAttemptsTransactionEvent, '3');
  add(OCPPCommCtrlr.MessageTimeoutDefault, `${limits.callTimeoutMs / 1000}`);
  add(OCPPCommCtrlr.NetworkConfigurationPriority, networkSlots.join(','), {
    rules: { values: SLOTS.map(String) }, // B09.FR.05, B09.FR.06
    refuse: (value, { profiles }) => profiles.priorityRefusal(value),
  });
  add(OCPPCommCtrlr.NetworkProfileConnectionAttempts, '3', { rules: { min: 1 } });
  add(OCPPCommCtrlr.OfflineThreshold, '60');
  add(OCPPCommCtrlr.ResetRetries, '0', { rules: { min: 0, max: 0 } });
  add(OCPPCommCtrlr.RetryBackOffRandomRange, '10');
  add(OCPPCommCtrlr.RetryBackOffRepeatTimes, '5');
  add(OCPPCommCtrlr.RetryBackOffWaitMinimum, '5');
  add(OCPPCommCtrlr.UnlockOnEVSideDisconnect, 'true');
  add(OCPPCommCtrlr.WebSocketPingInterval, `${limits.pingIntervalMs / 1000}`);
  add(SecurityCtrlr.AdditionalRootCertificateCheck, 'false', readOnly);
  add(SecurityCtrlr.AllowCSMSTLSWildcards, 'false');
  add(SecurityCtrlr.AllowSecurityProfileDowngrade, 'false');
  add(SecurityCtrlr.BasicAuthPassword, '', { rules: { min: 16, max: 64 } });
  add(SecurityCtrlr.CertSigningRepeatTimes, '3');
  add(SecurityCtrlr.CertSigningWaitMinimum, '60', { rules: { min: 1 } });
  add(SecurityCtrlr.CertificateEntries, '0', {
    live: ({ trust, own }) => `${trust.size + own.count}`,
    rules: { max: limits.trustedRoots },
  });
  add(SecurityCtrlr.Identity, '', { ...readOnly, live: ({ context }) => context.config.identity });
  add(SecurityCtrlr.MaxCertificateChainSize, `${limits.certificateChainLength}`);
  add(SecurityCtrlr.OrganizationName, organization);
  add(SecurityCtrlr.SecurityProfile, '1', { live: ({ profiles }) => `${profiles.securityProfile}` });
}

function provisioning(add: Add, { vendors }: StationKind): void {
  add(ClockCtrlr.DateTime, '', { live: ({ context }) => formatInstant(context.clock.now()) });
  add(ClockCtrlr.TimeAdjustmentReportingThreshold, '20');
  add(ClockCtrlr.TimeSource, 'Heartbeat', { rules: { values: ['Heartbeat', 'RealTimeClock'] } });
  for (const key of [
    DeviceDataCtrlr.BytesPerMessageGetReport,
    DeviceDataCtrlr.BytesPerMessageGetVariables,
    DeviceDataCtrlr.BytesPerMessageSetVariables,
  ]) {
    add(key, '8192');
  }
  for (const key of [
    DeviceDataCtrlr.ItemsPerMessageGetReport,
    DeviceDataCtrlr.ItemsPerMessageGetVariables,
    DeviceDataCtrlr.ItemsPerMessageSetVariables,
  ]) {
    add(key, '50');
  }
  add(DeviceDataCtrlr.ConfigurationValueSize, '1000');
  add(DeviceDataCtrlr.ReportingValueSize, '2500');
  for (const vendor of vendors) add(withInstance(CustomizationCtrlr.CustomImplementationEnabled, vendor), 'true');
}

function authorization(add: Add, { hasRfid, hasPinPad }: StationKind): void {
  add(AuthCtrlr.AuthorizeRemoteStart, 'false');
  add(AuthCtrlr.DisableRemoteAuthorization, 'false');
  add(AuthCtrlr.Enabled, 'true');
  add(AuthCtrlr.LocalAuthorizeOffline, 'true');
  add(AuthCtrlr.LocalPreAuthorize, 'true');
  add(AuthCtrlr.MasterPassGroupId, '');
  add(AuthCtrlr.OfflineTxForUnknownIdEnabled, 'false');
  const types = [
    'Central',
    'NoAuthorization',
    ...(hasRfid ? ['ISO14443', 'ISO15693', 'Local'] : []),
    ...(hasPinPad ? ['KeyCode'] : []),
  ].join(',');
  add(AuthCtrlr.SupportedIdTokenTypes, types);
  add(AuthCtrlr.SupportedIdTokenType, types);
  add(AuthCacheCtrlr.Available, 'true');
  add(AuthCacheCtrlr.DisablePostAuthorize, 'false');
  add(AuthCacheCtrlr.Enabled, 'true');
  add(AuthCacheCtrlr.LifeTime, `${7 * 24 * 3600}`);
  add(AuthCacheCtrlr.Policy, 'LRU', { rules: { values: ['LRU', 'FIFO'] } });
  add(AuthCacheCtrlr.Storage, '0', { live: ({ cache }) => `${cache.bytes}` });
}

function transactions(add: Add, { evses }: StationKind): void {
  const noSensor = !evses.some((evse) => evse.hasParkingSensor);
  const noSigning = !evses.some((evse) => evse.hasSignedMeter);
  const blind = (value: string): string | undefined => {
    const members = listMembers(value);
    if (noSensor && members.includes('ParkingBayOccupancy')) return 'there is no parking sensor'; // P60
    return noSigning && members.includes('DataSigned') ? 'the meter does not sign' : undefined;
  };
  add(TxCtrlr.EVConnectionTimeOut, '60');
  add(TxCtrlr.MaxEnergyOnInvalidId, '0');
  add(TxCtrlr.StopTxOnEVSideDisconnect, 'true');
  add(TxCtrlr.StopTxOnInvalidId, 'true');
  add(TxCtrlr.TxBeforeAcceptedEnabled, 'false');
  add(TxCtrlr.TxStartPoint, 'PowerPathClosed', { refuse: blind });
  add(TxCtrlr.TxStopPoint, 'PowerPathClosed', { refuse: blind });
  // 2.1's way to say how long an interruption may last; a 2.0.1 station is free to choose (B01, scenario 5).
  add(TxCtrlr.ResumptionTimeout, '300');
  add(TxCtrlr.AllowEnergyTransferResumption, 'true');
}

function metering(add: Add, { evses }: StationKind): void {
  const supported = [...new Set(evses.flatMap((evse) => evse.measurands))];
  const measurands = { rules: { values: supported } };
  const noSigning = !evses.some((evse) => evse.hasSignedMeter);
  const signing = { refuse: (value: string) => (noSigning && value === 'true' ? 'the meter does not sign' : undefined) };
  const register = 'Energy.Active.Import.Register';
  add(SampledDataCtrlr.Available, 'true');
  add(SampledDataCtrlr.Enabled, 'true');
  add(SampledDataCtrlr.SignReadings, 'false', signing);
  add(SampledDataCtrlr.TxEndedInterval, '0');
  add(SampledDataCtrlr.TxEndedMeasurands, register, measurands);
  add(SampledDataCtrlr.TxStartedMeasurands, register, measurands);
  add(SampledDataCtrlr.TxUpdatedInterval, '60');
  add(SampledDataCtrlr.TxUpdatedMeasurands, `${register},Power.Active.Import`, measurands);
  add(AlignedDataCtrlr.Available, 'true');
  add(AlignedDataCtrlr.Enabled, 'true');
  add(AlignedDataCtrlr.Interval, '900');
  add(AlignedDataCtrlr.Measurands, register, measurands);
  add(AlignedDataCtrlr.SendDuringIdle, 'false');
  for (const { id } of evses) add(AlignedDataCtrlr.SendDuringIdle, 'false', { at: { evse: id } });
  add(AlignedDataCtrlr.SignReadings, 'false', signing);
  add(AlignedDataCtrlr.TxEndedInterval, '0');
  add(AlignedDataCtrlr.TxEndedMeasurands, '', measurands);
  if (!noSigning) add(OCPPCommCtrlr.PublicKeyWithSignedMeterValue, 'OncePerTransaction');
}

/** Blocks that are not here say so; hard-wired monitors report (N07). */
function later(add: Add, { takesFirmware }: StationKind): void {
  if (takesFirmware) add(ChargingStation.AllowNewSessionsPendingFirmwareUpdate, 'false');
  // The list is read wherever it lies; that it can be sent is another block.
  add(LocalAuthListCtrlr.Available, 'false');
  add(LocalAuthListCtrlr.Enabled, 'true');
  add(LocalAuthListCtrlr.SupportsExpiryDateTime, 'true');
  add(ReservationCtrlr.Available, 'false');
  add(TariffCostCtrlr.AvailableCost, 'true');
  add(TariffCostCtrlr.EnabledCost, 'true', readOnly);
  add(TariffCostCtrlr.AvailableTariff, 'false');
  add(TariffCostCtrlr.Currency, 'EUR');
  add(SmartChargingCtrlr.Available, 'false');
  add(SmartChargingCtrlr.Enabled, 'false', readOnly);
  add(MonitoringCtrlr.Available, 'false');
  add(MonitoringCtrlr.ActiveMonitoringLevel, '9');
  add(MonitoringCtrlr.OfflineQueuingSeverity, '4');
}
