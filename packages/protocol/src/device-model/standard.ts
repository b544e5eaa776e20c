import type { StandardVariable } from './model.ts';
import { nameOf } from './model.ts';
import { AuthCacheCtrlr, AuthCtrlr, LocalAuthListCtrlr, TokenReader } from './standard/authorization.ts';
import { NetworkConfiguration, OCPPCommCtrlr } from './standard/communication.ts';
import { ChargingStation, Connector, ConnectorPlugRetentionLock, EVSE } from './standard/infrastructure.ts';
import {
  DisplayMessageCtrlr,
  ISO15118Ctrlr,
  MonitoringCtrlr,
  ReservationCtrlr,
  SmartChargingCtrlr,
  TariffCostCtrlr,
} from './standard/later-blocks.ts';
import { AlignedDataCtrlr, FiscalMetering, SampledDataCtrlr } from './standard/metering.ts';
import { ClockCtrlr, Controller, CustomizationCtrlr, DeviceDataCtrlr } from './standard/provisioning.ts';
import { SecurityCtrlr } from './standard/security.ts';
import { TxCtrlr } from './standard/transactions.ts';

/** Every variable with a meaning fixed by the documents that Busbar knows, errata included (D23), both versions. */
export const STANDARD: readonly StandardVariable[] = [
  AlignedDataCtrlr,
  AuthCacheCtrlr,
  AuthCtrlr,
  ChargingStation,
  ClockCtrlr,
  Connector,
  ConnectorPlugRetentionLock,
  Controller,
  CustomizationCtrlr,
  DeviceDataCtrlr,
  DisplayMessageCtrlr,
  EVSE,
  FiscalMetering,
  ISO15118Ctrlr,
  LocalAuthListCtrlr,
  MonitoringCtrlr,
  NetworkConfiguration,
  OCPPCommCtrlr,
  ReservationCtrlr,
  SampledDataCtrlr,
  SecurityCtrlr,
  SmartChargingCtrlr,
  TariffCostCtrlr,
  TokenReader,
  TxCtrlr,
].flatMap((component): readonly StandardVariable[] => Object.values(component));

const byName = new Map(STANDARD.map((variable) => [nameOf(variable), variable]));

/** The entry of a variable; a named instance falls back to the entry without one (CustomImplementationEnabled, NtpServerUri). */
export const standardVariable = (component: string, variable: string, instance?: string): StandardVariable | undefined =>
  byName.get(nameOf(instance === undefined ? { component, variable } : { component, variable, instance })) ??
  byName.get(nameOf({ component, variable }));
