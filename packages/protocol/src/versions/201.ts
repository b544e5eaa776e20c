import type { ValueMap } from '../narrow.ts';

/**
 * What values of 2.1 become on a 2.0.1 link (D4). A value that stands neither here nor in 2.0.1 is refused before anything
 * is sent; properties that 2.0.1 does not know are dropped. The test walks every difference of the two versions' enumerations.
 */
export const VALUES_201: ValueMap = {
  ReasonEnumType: { ReqEnergyTransferRejected: 'Other' },
  // The nearest reason that existed: what changed was told by the CSMS or by a limit, and is said in words nowhere else.
  TriggerReasonEnumType: {
    CostLimitReached: 'ChargingStateChanged',
    SoCLimitReached: 'EnergyLimitReached',
    LimitSet: 'ChargingRateChanged',
    OperationModeChanged: 'ChargingStateChanged',
    RunningCost: 'MeterValuePeriodic',
    TariffChanged: 'Trigger',
    TariffNotAccepted: 'Deauthorized',
    TxResumed: 'ChargingStateChanged',
  },
  OCPPVersionEnumType: { OCPP201: 'OCPP20', OCPP21: 'OCPP20' },
  ClearMessageStatusEnumType: { Rejected: 'Unknown' },
  DisplayMessageStatusEnumType: { LanguageNotSupported: 'Rejected' },
  NotifyEVChargingNeedsStatusEnumType: { NoChargingProfile: 'Accepted' },
  MessageStateEnumType: { Suspended: 'Idle', Discharging: 'Charging' },
  LocationEnumType: { Upstream: 'Inlet' },
  ResetEnumType: { ImmediateAndResume: 'Immediate' },
  ReservationUpdateStatusEnumType: { NoTransaction: 'Removed' },
};
