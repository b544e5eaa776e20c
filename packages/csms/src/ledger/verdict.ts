import type { VERDICTS } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { type Instant, parseInstant } from '@busbar/runtime';
import type { Bill, TxRow } from './row.ts';

export type VerdictCode = (typeof VERDICTS)[number];

export interface Verdict {
  readonly code: VerdictCode;
  /** True when nobody has to look at it. */
  readonly good: boolean;
  /** Certain when every event is there; else what is missing may tell another story. */
  readonly certainty: 'certain' | 'likely';
  readonly clause: string | null;
  /** The event that decided it. */
  readonly seqNo: number | null;
  readonly at: Instant | null;
  readonly detail: Readonly<Record<string, string | number>>;
}

type Event = Ocpp.TransactionEventRequest;
type Said = Pick<Verdict, 'code' | 'good'> & { readonly clause?: string };

const BY_REASON: Readonly<Partial<Record<Ocpp.ReasonEnumType, Said>>> = {
  Local: { code: 'byDriver', good: true, clause: 'E07' },
  MasterPass: { code: 'byDriver', good: true, clause: 'C16' },
  Remote: { code: 'byOperator', good: true, clause: 'F03' },
  EVDisconnected: { code: 'carLeft', good: true, clause: 'E09' },
  StoppedByEV: { code: 'carStopped', good: true },
  SOCLimitReached: { code: 'limitReached', good: true },
  EnergyLimitReached: { code: 'limitReached', good: true },
  TimeLimitReached: { code: 'limitReached', good: true },
  LocalOutOfCredit: { code: 'outOfCredit', good: true, clause: 'C17' },
  DeAuthorized: { code: 'notAuthorized', good: false, clause: 'E05' },
  Timeout: { code: 'noAuthorizationInTime', good: false, clause: 'E03' },
  GroundFault: { code: 'fault', good: false },
  OvercurrentFault: { code: 'fault', good: false },
  PowerQuality: { code: 'fault', good: false },
  EmergencyStop: { code: 'emergencyStop', good: false },
  PowerLoss: { code: 'powerLost', good: false, clause: 'E08' },
  Reboot: { code: 'restarted', good: false, clause: 'B11' },
  ImmediateReset: { code: 'restarted', good: false, clause: 'B12' },
};

/** Why did it stop? Read from the events of the station alone, so it says the same whenever it is asked. */
export function verdictOf(row: TxRow, bill: Bill, events: readonly Event[]): Verdict {
  const ended = events.findLast(({ eventType }) => eventType === 'Ended');
  const certainty = bill.completeness === 'complete' || (row.state === 'active' && bill.bill !== 'final') ? 'certain' : 'likely';
  const detail = detailOf(row, bill, events);
  const base = { certainty, detail } as const;
  if (ended === undefined) {
    const over = bill.bill === 'final';
    const last = events.at(-1);
    return {
      ...base,
      code: over ? 'neverEnded' : 'running',
      good: !over,
      clause: null,
      seqNo: over ? (last?.seqNo ?? null) : null,
      at: over ? timeOf(last) : null,
    };
  }
  const deciding = decidingEvent(events, ended);
  const said = saidOf(row, events, deciding);
  return { ...base, code: said.code, good: said.good, clause: said.clause ?? null, seqNo: deciding.seqNo, at: timeOf(deciding) };
}

const timeOf = (event: Event | undefined): Instant | null => (event === undefined ? null : parseInstant(event.timestamp));

function saidOf(row: TxRow, events: readonly Event[], deciding: Event): Said {
  // A station may leave the reason out when the driver stopped it (E06.FR.09).
  const reason = row.stoppedReason ?? 'Local';
  const said = BY_REASON[reason] ?? { code: 'other', good: false };
  if (reason === 'DeAuthorized' && events.some((event) => event.offline === true && event.seqNo <= deciding.seqNo))
    return { code: 'blockedAfterOffline', good: false, clause: 'E05' };
  if (said.code === 'carLeft' && events.some(({ transactionInfo }) => transactionInfo.chargingState === 'SuspendedEV'))
    return { code: 'carFull', good: true, clause: 'E09' };
  return said;
}

const DECIDES: ReadonlySet<string> = new Set([
  'Deauthorized',
  'StopAuthorized',
  'RemoteStop',
  'EVDeparted',
  'EVCommunicationLost',
  'EVConnectTimeout',
  'AbnormalCondition',
  'EnergyLimitReached',
  'TimeLimitReached',
  'SoCLimitReached',
  'CostLimitReached',
  'ResetCommand',
]);

/** The first event whose trigger ends it: the energy stops there, Ended may come much later. */
const decidingEvent = (events: readonly Event[], ended: Event): Event =>
  events.find(({ triggerReason }) => DECIDES.has(triggerReason)) ?? ended;

function detailOf(row: TxRow, bill: Bill, events: readonly Event[]): Verdict['detail'] {
  const offline = events.filter((event) => event.offline === true).length;
  return {
    ...(row.stoppedReason === null ? {} : { stoppedReason: row.stoppedReason }),
    ...(row.idToken === null ? {} : { token: row.idToken.idToken.slice(-4) }),
    ...(offline === 0 ? {} : { offline }),
    missing: bill.missingSeqNos?.length ?? 0,
  };
}
