import type { Messages } from '../generated/types-21.ts';
import type { OcppVersion } from './versions.ts';

export type Side = 'station' | 'csms';
export type BlockName =
  | 'a-security'
  | 'b-provisioning'
  | 'c-authorization'
  | 'd-local-list'
  | 'e-transactions'
  | 'f-remote-control'
  | 'g-availability'
  | 'h-reservation'
  | 'i-tariff-cost'
  | 'j-meter-values'
  | 'k-smart-charging'
  | 'l-firmware'
  | 'm-certificates'
  | 'n-diagnostics'
  | 'o-display-message'
  | 'p-data-transfer'
  | 'q-bidirectional'
  | 'r-der-control'
  | 's-battery-swap';

/** Every action of 2.0.1 and 2.1: who may send it, and in which block's folders it lives. */
export const ACTIONS = {
  AFRRSignal: { from: 'csms', block: 'q-bidirectional', only21: true },
  AdjustPeriodicEventStream: { from: 'csms', block: 'n-diagnostics', only21: true },
  Authorize: { from: 'station', block: 'c-authorization' },
  BatterySwap: { from: 'station', block: 's-battery-swap', only21: true },
  BootNotification: { from: 'station', block: 'b-provisioning' },
  CancelReservation: { from: 'csms', block: 'h-reservation' },
  CertificateSigned: { from: 'csms', block: 'a-security' },
  ChangeAvailability: { from: 'csms', block: 'g-availability' },
  ChangeTransactionTariff: { from: 'csms', block: 'i-tariff-cost', only21: true },
  ClearCache: { from: 'csms', block: 'c-authorization' },
  ClearChargingProfile: { from: 'csms', block: 'k-smart-charging' },
  ClearDERControl: { from: 'csms', block: 'r-der-control', only21: true },
  ClearDisplayMessage: { from: 'csms', block: 'o-display-message' },
  ClearTariffs: { from: 'csms', block: 'i-tariff-cost', only21: true },
  ClearVariableMonitoring: { from: 'csms', block: 'n-diagnostics' },
  ClearedChargingLimit: { from: 'station', block: 'k-smart-charging' },
  ClosePeriodicEventStream: { from: 'station', block: 'n-diagnostics', only21: true },
  CostUpdated: { from: 'csms', block: 'i-tariff-cost' },
  CustomerInformation: { from: 'csms', block: 'n-diagnostics' },
  DataTransfer: { from: 'both', block: 'p-data-transfer' },
  DeleteCertificate: { from: 'csms', block: 'm-certificates' },
  FirmwareStatusNotification: { from: 'station', block: 'l-firmware' },
  Get15118EVCertificate: { from: 'station', block: 'm-certificates' },
  GetBaseReport: { from: 'csms', block: 'b-provisioning' },
  GetCertificateChainStatus: { from: 'station', block: 'm-certificates', only21: true },
  GetCertificateStatus: { from: 'station', block: 'm-certificates' },
  GetChargingProfiles: { from: 'csms', block: 'k-smart-charging' },
  GetCompositeSchedule: { from: 'csms', block: 'k-smart-charging' },
  GetDERControl: { from: 'csms', block: 'r-der-control', only21: true },
  GetDisplayMessages: { from: 'csms', block: 'o-display-message' },
  GetInstalledCertificateIds: { from: 'csms', block: 'm-certificates' },
  GetLocalListVersion: { from: 'csms', block: 'd-local-list' },
  GetLog: { from: 'csms', block: 'n-diagnostics' },
  GetMonitoringReport: { from: 'csms', block: 'n-diagnostics' },
  GetPeriodicEventStream: { from: 'csms', block: 'n-diagnostics', only21: true },
  GetReport: { from: 'csms', block: 'b-provisioning' },
  GetTariffs: { from: 'csms', block: 'i-tariff-cost', only21: true },
  GetTransactionStatus: { from: 'csms', block: 'e-transactions' },
  GetVariables: { from: 'csms', block: 'b-provisioning' },
  Heartbeat: { from: 'station', block: 'g-availability' },
  InstallCertificate: { from: 'csms', block: 'm-certificates' },
  LogStatusNotification: { from: 'station', block: 'n-diagnostics' },
  MeterValues: { from: 'station', block: 'j-meter-values' },
  NotifyAllowedEnergyTransfer: { from: 'csms', block: 'q-bidirectional', only21: true },
  NotifyChargingLimit: { from: 'station', block: 'k-smart-charging' },
  NotifyCustomerInformation: { from: 'station', block: 'n-diagnostics' },
  NotifyDERAlarm: { from: 'station', block: 'r-der-control', only21: true },
  NotifyDERStartStop: { from: 'station', block: 'r-der-control', only21: true },
  NotifyDisplayMessages: { from: 'station', block: 'o-display-message' },
  NotifyEVChargingNeeds: { from: 'station', block: 'k-smart-charging' },
  NotifyEVChargingSchedule: { from: 'station', block: 'k-smart-charging' },
  NotifyEvent: { from: 'station', block: 'n-diagnostics' },
  NotifyMonitoringReport: { from: 'station', block: 'n-diagnostics' },
  NotifyPriorityCharging: { from: 'station', block: 'k-smart-charging', only21: true },
  NotifyReport: { from: 'station', block: 'b-provisioning' },
  NotifySettlement: { from: 'station', block: 'i-tariff-cost', only21: true },
  NotifyWebPaymentStarted: { from: 'csms', block: 'c-authorization', only21: true },
  OpenPeriodicEventStream: { from: 'station', block: 'n-diagnostics', only21: true },
  PublishFirmware: { from: 'csms', block: 'l-firmware' },
  PublishFirmwareStatusNotification: { from: 'station', block: 'l-firmware' },
  PullDynamicScheduleUpdate: { from: 'station', block: 'k-smart-charging', only21: true },
  ReportChargingProfiles: { from: 'station', block: 'k-smart-charging' },
  ReportDERControl: { from: 'station', block: 'r-der-control', only21: true },
  RequestBatterySwap: { from: 'csms', block: 's-battery-swap', only21: true },
  RequestStartTransaction: { from: 'csms', block: 'f-remote-control' },
  RequestStopTransaction: { from: 'csms', block: 'f-remote-control' },
  ReservationStatusUpdate: { from: 'station', block: 'h-reservation' },
  ReserveNow: { from: 'csms', block: 'h-reservation' },
  Reset: { from: 'csms', block: 'b-provisioning' },
  SecurityEventNotification: { from: 'station', block: 'a-security' },
  SendLocalList: { from: 'csms', block: 'd-local-list' },
  SetChargingProfile: { from: 'csms', block: 'k-smart-charging' },
  SetDERControl: { from: 'csms', block: 'r-der-control', only21: true },
  SetDefaultTariff: { from: 'csms', block: 'i-tariff-cost', only21: true },
  SetDisplayMessage: { from: 'csms', block: 'o-display-message' },
  SetMonitoringBase: { from: 'csms', block: 'n-diagnostics' },
  SetMonitoringLevel: { from: 'csms', block: 'n-diagnostics' },
  SetNetworkProfile: { from: 'csms', block: 'b-provisioning' },
  SetVariableMonitoring: { from: 'csms', block: 'n-diagnostics' },
  SetVariables: { from: 'csms', block: 'b-provisioning' },
  SignCertificate: { from: 'station', block: 'a-security' },
  StatusNotification: { from: 'station', block: 'g-availability' },
  TransactionEvent: { from: 'station', block: 'e-transactions' },
  TriggerMessage: { from: 'csms', block: 'f-remote-control' },
  UnlockConnector: { from: 'csms', block: 'f-remote-control' },
  UnpublishFirmware: { from: 'csms', block: 'l-firmware' },
  UpdateDynamicSchedule: { from: 'csms', block: 'k-smart-charging', only21: true },
  UpdateFirmware: { from: 'csms', block: 'l-firmware' },
  UsePriorityCharging: { from: 'csms', block: 'k-smart-charging', only21: true },
  VatNumberValidation: { from: 'station', block: 'i-tariff-cost', only21: true },
} as const satisfies Record<string, { from: Side | 'both'; block: BlockName; only21?: true }>;

export type Action = keyof typeof ACTIONS;
/** The types of 2.1, the vocabulary inside; a 2.0.1 link narrows what is sent. */
export type RequestOf<A extends Action> = Messages[`${A}Request`];
export type ResponseOf<A extends Action> = Messages[`${A}Response`];
/** Actions this side sends to the other. */
export type ActionFrom<S extends Side> = {
  [A in Action]: (typeof ACTIONS)[A]['from'] extends S | 'both' ? A : 'both' extends (typeof ACTIONS)[A]['from'] ? A : never;
}[Action];

/** SEND messages of 2.1: no answer exists. */
export const SEND_ACTIONS = ['NotifyPeriodicEventStream'] as const;
export type SendAction = (typeof SEND_ACTIONS)[number];

export const isAction = (name: string): name is Action => Object.hasOwn(ACTIONS, name);
export const isSendAction = (name: string): name is SendAction => SEND_ACTIONS.some((action) => action === name);

export const mayComeFrom = (action: Action, side: Side): boolean => ACTIONS[action].from === 'both' || ACTIONS[action].from === side;
export const existsIn = (action: Action, version: OcppVersion): boolean => version === 'ocpp2.1' || !('only21' in ACTIONS[action]);
