import type { Ocpp } from '@busbar/protocol';
import { SampledDataCtrlr } from '@busbar/protocol/device-model';
import { formatInstant, type JournalChange } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Metering } from '../j-meter-values/metering.ts';
import type { Effect, Session, Transaction } from './session.ts';

export type EventFact = Omit<Extract<Effect, { kind: 'event' }>, 'kind'>;

export interface Recorded {
  readonly request: Ocpp.TransactionEventRequest;
  readonly transaction: Transaction;
  readonly changes: readonly JournalChange[];
}

/** Makes the request of a fact: number, EVSE once it is known, meter values of its kind. The next number belongs to the new state. */
export function record(
  context: Context,
  metering: Metering,
  session: Session,
  fact: EventFact,
  readingContext: Ocpp.ReadingContextEnumType = 'Other',
): Recorded {
  const { transaction } = fact;
  const known = session.evseId > 0;
  const meter = known ? meterValues(metering, session.evseId, fact, readingContext) : undefined;
  const phases = known && fact.chargingState === 'Charging' ? context.hardware.phasesUsed?.(session.evseId) : undefined;
  const phasesToTell = phases !== undefined && phases > 0 && phases !== transaction.phasesTold ? phases : undefined;
  const tellsEvse = known && (!transaction.evseTold || (session.connectorId !== undefined && !transaction.connectorTold));
  const request: Ocpp.TransactionEventRequest = {
    eventType: fact.type,
    timestamp: formatInstant(context.clock.now()),
    triggerReason: fact.trigger,
    seqNo: transaction.nextSeqNo, // E01.FR.07
    transactionInfo: {
      transactionId: transaction.id,
      chargingState: fact.chargingState,
      ...(fact.stoppedReason === undefined ? {} : { stoppedReason: fact.stoppedReason }),
      ...(fact.remoteStartId === undefined ? {} : { remoteStartId: fact.remoteStartId }),
    },
    ...(meter && meter.values.length > 0 ? { meterValue: meter.values } : {}),
    ...(phasesToTell === undefined ? {} : { numberOfPhasesUsed: phasesToTell }), // E02.FR.18, E02.FR.19
    ...(fact.reservationId === undefined ? {} : { reservationId: fact.reservationId }),
    ...(tellsEvse ? { evse: evseOf(session) } : {}), // E01.FR.16
    ...(fact.idToken === undefined ? {} : { idToken: fact.idToken }),
  };
  return {
    request,
    changes: meter?.changes ?? [],
    transaction: {
      ...transaction,
      nextSeqNo: transaction.nextSeqNo + 1,
      startMWh: transaction.startMWh ?? (known ? metering.read(session.evseId).importMWh : undefined),
      evseTold: transaction.evseTold || tellsEvse,
      connectorTold: transaction.connectorTold || (tellsEvse && session.connectorId !== undefined),
      beginTold: transaction.beginTold || (meter?.begin ?? false),
      keyTold: transaction.keyTold || (meter?.keyTold ?? false),
      ...(phasesToTell === undefined ? {} : { phasesTold: phasesToTell }),
    },
  };
}

const evseOf = (session: Session): Ocpp.EVSEType => ({
  id: session.evseId,
  ...(session.connectorId === undefined ? {} : { connectorId: session.connectorId }),
});

interface Meter {
  readonly values: readonly Ocpp.MeterValueType[];
  readonly changes: readonly JournalChange[];
  readonly begin: boolean;
  readonly keyTold: boolean;
}

function meterValues(metering: Metering, evseId: number, fact: EventFact, context: Ocpp.ReadingContextEnumType): Meter {
  const { transaction } = fact;
  if (fact.type === 'Ended') return ending(metering, evseId, transaction);
  // E01.FR.09 at the start; E01.FR.17 when charging starts and the EVSE was not known at the start.
  const begins = !transaction.beginTold && (fact.type === 'Started' || fact.chargingState === 'Charging');
  const list = begins ? SampledDataCtrlr.TxStartedMeasurands : SampledDataCtrlr.TxUpdatedMeasurands;
  const { value, keyTold } = metering.sample(evseId, list, begins ? 'Transaction.Begin' : context, transaction);
  if (!begins) return { values: value ? [value] : [], changes: [], begin: false, keyTold };
  const forEnd = metering.sample(evseId, SampledDataCtrlr.TxEndedMeasurands, 'Transaction.Begin', {
    ...transaction,
    keyTold: keyTold || transaction.keyTold,
  });
  return {
    values: value ? [value] : [],
    changes: metering.keep(transaction.id, forEnd.value),
    begin: true,
    keyTold: keyTold || forEnd.keyTold,
  };
}

/** E06.FR.11: everything kept during the transaction, then the reading of its end. */
function ending(metering: Metering, evseId: number, transaction: Transaction): Meter {
  const { values, changes } = metering.kept(transaction.id);
  const end = metering.sample(evseId, SampledDataCtrlr.TxEndedMeasurands, 'Transaction.End', transaction);
  return { values: end.value ? [...values, end.value] : values, changes, begin: true, keyTold: end.keyTold };
}
