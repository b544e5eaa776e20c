import type { Ocpp } from '@busbar/protocol';
import type { Crypto } from '@busbar/runtime';
import { milliWattHours } from '../../../ledger/meter.ts';
import type { VariableRow } from '../../../store/intents.ts';
import { readOcmf, type Verdict, verifyOcmf } from './ocmf.ts';

/** One signed value of a transaction: what the station sent, byte for byte, where it stood, and what the check says. */
export interface SignedValue {
  readonly seqNo: number;
  readonly eventType: Ocpp.TransactionEventEnumType;
  readonly timestamp: string;
  readonly context: string;
  readonly measurand: string;
  readonly signedMeterData: string;
  readonly encodingMethod: string;
  readonly signingMethod: string | null;
  readonly publicKey: string | null;
  /** Whether the key came with the value or is the one the station reported of its meter. */
  readonly publicKeyFrom: 'value' | 'station' | null;
  readonly check: Verdict;
  /** The signed register beside the plain one of the same sample; null when one of them is not there. */
  readonly register: { readonly signedMWh: number; readonly plainMWh: number; readonly same: boolean } | null;
}

/** Checks cost time; a transaction with more signed values gets the rest unchecked. */
const MOST_CHECKED = 1_000;

/** All signed values of a transaction in the order of its events. */
export function signedValues(
  events: readonly Ocpp.TransactionEventRequest[],
  stationKey: string | undefined,
  crypto: Pick<Crypto, 'verifyEcdsa'> | undefined,
): readonly SignedValue[] {
  const out: SignedValue[] = [];
  let lastKey: string | undefined;
  for (const { seqNo, eventType, meterValue = [] } of events)
    for (const { timestamp, sampledValue } of meterValue)
      for (const sample of sampledValue) {
        const signed = sample.signedMeterValue;
        if (signed === undefined) continue;
        // PublicKeyWithSignedMeterValue OncePerTransaction: the key came with an earlier value.
        lastKey = filled(signed.publicKey) ?? lastKey;
        const key = lastKey ?? stationKey;
        out.push({
          seqNo,
          eventType,
          timestamp,
          context: sample.context ?? 'Sample.Periodic',
          measurand: sample.measurand ?? 'Energy.Active.Import.Register',
          signedMeterData: signed.signedMeterData,
          encodingMethod: signed.encodingMethod,
          signingMethod: signed.signingMethod ?? null,
          publicKey: key ?? null,
          publicKeyFrom: key === undefined ? null : lastKey === undefined ? 'station' : 'value',
          check: out.length >= MOST_CHECKED ? TOO_MANY : check(signed, key, crypto),
          register: registerOf(sample, signed),
        });
      }
  return out;
}

const filled = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text);
const TOO_MANY: Verdict = { state: 'notCheckable', reason: `only the first ${MOST_CHECKED} values of a transaction are checked` };

function check(
  { encodingMethod, signedMeterData }: Ocpp.SignedMeterValueType,
  key: string | undefined,
  crypto: Pick<Crypto, 'verifyEcdsa'> | undefined,
): Verdict {
  if (!/ocmf/i.test(encodingMethod) && readOcmf(signedMeterData) === undefined)
    return { state: 'notCheckable', reason: `the format ${encodingMethod.slice(0, 60)} is not known here` };
  if (crypto === undefined) return { state: 'notCheckable', reason: 'this CSMS was built without cryptography' };
  return verifyOcmf(signedMeterData, key, crypto);
}

/** A text may hold several readings: the first is of the beginning, the last one of now. */
function registerOf(sample: Ocpp.SampledValueType, { signedMeterData }: Ocpp.SignedMeterValueType): SignedValue['register'] {
  const unit = sample.unitOfMeasure?.unit ?? 'Wh';
  if ((sample.measurand ?? 'Energy.Active.Import.Register') !== 'Energy.Active.Import.Register') return null;
  if (unit !== 'Wh' && unit !== 'kWh') return null;
  const readings = readOcmf(signedMeterData)?.readings.flatMap(({ mWh }) => (mWh === null ? [] : [mWh])) ?? [];
  const signedMWh = sample.context === 'Transaction.Begin' ? readings[0] : readings.at(-1);
  if (signedMWh === undefined) return null;
  const plainMWh = milliWattHours(sample.value, unit, sample.unitOfMeasure?.multiplier ?? 0);
  return { signedMWh, plainMWh, same: signedMWh === plainMWh };
}

/** The key of an EVSE's meter as the station reported it, else that of the station. */
export function reportedKey(variables: readonly VariableRow[], evse: number | null): string | undefined {
  const keys = variables.filter(
    ({ component, variable, attribute, value }) =>
      component === 'FiscalMetering' && variable === 'PublicKey' && attribute === 'Actual' && value !== undefined && value !== '',
  );
  return (keys.find((row) => row.evse === evse) ?? keys.find((row) => row.evse === undefined))?.value;
}

/** The worst of all: one that is wrong makes the transaction wrong. */
export const worst = (values: readonly SignedValue[]): Verdict['state'] | null =>
  values.length === 0
    ? null
    : ((['invalid', 'notCheckable'] as const).find((state) => values.some((value) => value.check.state === state)) ?? 'valid');
