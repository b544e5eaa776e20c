/**
 * Typed keys of the standard variables: `dm.memberList(TxCtrlr.TxStartPoint)`. The value's type is part of the key, so
 * `dm.bool(TxCtrlr.TxStartPoint)` does not compile. The entries of the table are the keys.
 */
export type { StandardVariable, VariableKey } from './model.ts';
export { nameOf, withInstance } from './model.ts';
export { AuthCacheCtrlr, AuthCtrlr, LocalAuthListCtrlr, TokenReader } from './standard/authorization.ts';
export { NetworkConfiguration, OCPPCommCtrlr } from './standard/communication.ts';
export { ChargingStation, Connector, ConnectorPlugRetentionLock, EVSE } from './standard/infrastructure.ts';
export {
  DisplayMessageCtrlr,
  ISO15118Ctrlr,
  MonitoringCtrlr,
  ReservationCtrlr,
  SmartChargingCtrlr,
  TariffCostCtrlr,
} from './standard/later-blocks.ts';
export { AlignedDataCtrlr, FiscalMetering, SampledDataCtrlr } from './standard/metering.ts';
export { ClockCtrlr, Controller, CustomizationCtrlr, DeviceDataCtrlr } from './standard/provisioning.ts';
export { SecurityCtrlr } from './standard/security.ts';
export { TxCtrlr } from './standard/transactions.ts';
