import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SignedMeterValues } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, test } from 'vitest';
import { signedView } from '../../../http/views.ts';
import { event } from '../../../testing/events.ts';
import { TestCsms } from '../../../testing/test-csms.ts';
import { UseCases } from '../../../use-cases.ts';
import { readOcmf, verifyOcmf } from './ocmf.ts';
import { publicKeyDer } from './public-key.ts';
import { reportedKey, signedValues, worst } from './signed-values.ts';

let crypto: Crypto;
beforeAll(async () => {
  crypto = await loadCrypto();
});

interface Meter {
  readonly privateKey: KeyObject;
  readonly der: Buffer;
}
function meter(namedCurve = 'prime256v1'): Meter {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { privateKey, der: publicKey.export({ format: 'der', type: 'spki' }) };
}
const METER = meter();

const reading = (transaction: string, kWh: number, time: string) => ({
  TM: `${time} S`,
  TX: transaction,
  RV: kWh,
  RI: '1-b:1.8.0',
  RU: 'kWh',
  ST: 'G',
});
const RD = [reading('B', 2935.6, '2027-01-15T08:00:00,000+0000'), reading('E', 2940.1, '2027-01-15T09:00:00,000+0000')];

/** What a meter says: OCMF|{payload}|{signature}. */
function ocmf({ privateKey }: Meter, { SA = 'ECDSA-secp256r1-SHA256', SE = 'hex', readings = RD } = {}): string {
  const payload = JSON.stringify({ FV: '1.0', GI: 'Nord | Meter', PG: 'T12345', MV: 'Nord', MS: 'µ1', RD: readings });
  const hash = /SHA(\d+)$/.exec(SA)?.[1] ?? '256';
  const signature = sign(`sha${hash}`, Buffer.from(payload), privateKey);
  return `OCMF|${payload}|${JSON.stringify({ SA, SE, SD: signature.toString(SE === 'hex' ? 'hex' : 'base64') })}`;
}
const wrapped = (text: string): string => Buffer.from(text).toString('base64');
const keyOf = ({ der }: Meter): string => wrapped(`oca:base16:asn1:${der.toString('hex')}`);

describe('OCMF', () => {
  test.each([
    ['ECDSA-secp192r1-SHA256', 'prime192v1'],
    ['ECDSA-secp192k1-SHA256', 'secp192k1'],
    ['ECDSA-secp256k1-SHA256', 'secp256k1'],
    ['ECDSA-secp256r1-SHA256', 'prime256v1'],
    ['ECDSA-secp384r1-SHA256', 'secp384r1'],
    ['ECDSA-secp521r1-SHA512', 'secp521r1'],
    ['ECDSA-brainpool256r1-SHA256', 'brainpoolP256r1'],
    ['ECDSA-brainpoolP384r1-SHA384', 'brainpoolP384r1'],
  ])('%s is valid with its key, invalid with another one', (SA, curve) => {
    const own = meter(curve);
    for (const SE of ['hex', 'base64']) {
      const text = ocmf(own, { SA, SE });
      expect(verifyOcmf(wrapped(text), keyOf(own), crypto)).toMatchObject({ state: 'valid' });
      expect(verifyOcmf(text, keyOf(meter(curve)), crypto)).toMatchObject({ state: 'invalid' });
    }
  });

  test('no byte of the payload or of the signature can be changed', () => {
    const text = ocmf(METER);
    const [bytes, signatureAt] = [Buffer.from(text), Buffer.from(text).indexOf('"SD":"') + 6];
    const regions = [fc.integer({ min: 5, max: bytes.lastIndexOf('|') - 1 }), fc.integer({ min: signatureAt, max: bytes.length - 3 })];
    for (const region of regions)
      fc.assert(
        fc.property(region, fc.integer({ min: 1, max: 255 }), (at, change) => {
          const other = Buffer.from(bytes);
          other[at] = (bytes[at] ?? 0) ^ change;
          if (other.toString('latin1').toLowerCase() === bytes.toString('latin1').toLowerCase() && at >= signatureAt) return; // another case of a hexadecimal digit
          expect(verifyOcmf(other.toString('base64'), keyOf(METER), crypto).state).not.toBe('valid');
        }),
        { numRuns: 60 },
      );
    expect(verifyOcmf(wrapped(text.replace('2940.1', '2941.1')), keyOf(METER), crypto)).toMatchObject({ state: 'invalid' });
  });

  test('what cannot be checked says why, and is not called invalid', () => {
    const text = ocmf(METER);
    const of = (data: string, key: string | undefined) => verifyOcmf(data, key, crypto);
    expect(of(text, undefined)).toEqual({ state: 'notCheckable', reason: 'no public key is known' });
    expect(of(text, 'nonsense!')).toEqual({ state: 'notCheckable', reason: 'the public key cannot be read' });
    expect(of(text, wrapped(`oca:base16:asn1:30${'00'.repeat(40)}`))).toEqual({
      state: 'notCheckable',
      reason: 'the public key cannot be read',
    });
    expect(of(ocmf(METER, { SA: 'RSA-2048-SHA256' }), keyOf(METER)).reason).toMatch(/RSA-2048-SHA256 is not known/);
    expect(of(ocmf(METER, { SA: 'ECDSA-secp256k1-SHA256' }), keyOf(METER)).reason).toMatch(/another curve/);
    expect(of('OCMF|{}|', keyOf(METER)).state).toBe('invalid');
    expect(of('OCMF|{"RD":[]}|{"SD":"zz"}', keyOf(METER))).toEqual({ state: 'invalid', reason: 'the signature (SD) cannot be decoded' });
    expect(readOcmf(wrapped('SML'))).toBeUndefined();
  });

  test('the default algorithm, and readings that leave out what does not change', () => {
    const payload = '{"RD":[{"TM":"t1","TX":"B","RV":1,"RU":"kWh"},{"RV":1397.5,"RU":"Wh"},{"RV":7,"RU":"mOhm"}]}';
    const text = `OCMF|${payload}|{"SD":"${sign('sha256', Buffer.from(payload), METER.privateKey).toString('hex')}"}`;
    expect(verifyOcmf(text, keyOf(METER), crypto).state).toBe('valid');
    expect(readOcmf(text)?.readings).toEqual([
      { time: 't1', transaction: 'B', mWh: 1_000_000 },
      { time: 't1', transaction: 'B', mWh: 1_397_500 },
      { time: 't1', transaction: 'B', mWh: null },
    ]);
  });
});

test('a public key is read in every spelling of the field', () => {
  const { der } = METER;
  const [hex, b64] = [der.toString('hex'), der.toString('base64')];
  const pem = `-----BEGIN PUBLIC KEY-----\n${b64.replaceAll(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;
  const spellings = [`oca:base16:asn1:${hex}`, `oca:base64:asn1:${b64}`, hex, hex.toUpperCase(), b64, pem];
  for (const text of spellings.flatMap((one) => [one, wrapped(one)]))
    expect(Buffer.from(publicKeyDer(text) ?? []).toString('hex')).toBe(hex);
  for (const text of ['', 'x', 'oca:base16:asn1:zz', '00']) expect(publicKeyDer(text)).toBeUndefined();
});

const signed = (data: string, publicKey: string, over: Partial<Ocpp.SampledValueType> = {}): Ocpp.SampledValueType => ({
  value: 2940.1,
  unitOfMeasure: { unit: 'kWh' },
  context: 'Transaction.End',
  signedMeterValue: { signedMeterData: data, signingMethod: 'ECDSA-secp256r1-SHA256', encodingMethod: 'OCMF', publicKey },
  ...over,
});
const withSamples = (seqNo: number, ...sampledValue: [Ocpp.SampledValueType, ...Ocpp.SampledValueType[]]) =>
  event(seqNo === 0 ? 'Started' : 'Ended', seqNo, { meterValue: [{ timestamp: '2027-01-15T09:00:00Z', sampledValue }] });

describe('signed values of a transaction', () => {
  const data = wrapped(ocmf(METER));

  test('the signed register is compared with the plain one: a mismatch is told although the signature is valid', () => {
    const of = (over: Partial<Ocpp.SampledValueType>) =>
      signedValues([withSamples(1, signed(data, keyOf(METER), over))], undefined, crypto)[0];
    expect(of({})).toMatchObject({ check: { state: 'valid' }, register: { signedMWh: 2_940_100_000, same: true } });
    expect(of({ value: 2_940_100, unitOfMeasure: { unit: 'Wh' } })).toMatchObject({ register: { same: true } });
    expect(of({ context: 'Transaction.Begin', value: 2935.6 })).toMatchObject({ register: { same: true } });
    expect(of({ value: 2950 })).toMatchObject({ check: { state: 'valid' }, register: { plainMWh: 2_950_000_000, same: false } });
    expect(of({ measurand: 'Voltage' })).toMatchObject({ register: null });
  });

  test('the key comes with the value, with an earlier one, or from what the station reported of its meter', () => {
    const events = [withSamples(0, signed(data, '')), withSamples(1, signed(data, keyOf(METER)), signed(data, ''))];
    const values = signedValues(events, keyOf(meter()), crypto);
    expect(values.map(({ publicKeyFrom, check }) => [publicKeyFrom, check.state])).toEqual([
      ['station', 'invalid'],
      ['value', 'valid'],
      ['value', 'valid'],
    ]);
    expect([worst(values), worst(values.slice(1)), worst([])]).toEqual(['invalid', 'valid', null]);
    const row = { component: 'FiscalMetering', variable: 'PublicKey', attribute: 'Actual' } as const;
    const variables = [
      { ...row, value: 'all' },
      { ...row, evse: 2, value: 'two' },
    ];
    expect([reportedKey(variables, 2), reportedKey(variables, 1), reportedKey([], 1)]).toEqual(['two', 'all', undefined]);
  });

  test('another format and a CSMS without cryptography are not checkable', () => {
    const of = (encodingMethod: string, own?: Crypto) => {
      const sample = signed('AAAA', keyOf(METER));
      const request = withSamples(1, {
        ...sample,
        signedMeterValue: { signedMeterData: 'AAAA', signingMethod: '', publicKey: '', encodingMethod },
      });
      return signedValues([request], undefined, own)[0]?.check;
    };
    expect(of('EDL', crypto)).toEqual({ state: 'notCheckable', reason: 'the format EDL is not known here' });
    expect(of('OCMF')).toMatchObject({ state: 'notCheckable' });
    expect(of('OCMF', crypto)).toMatchObject({ state: 'invalid' });
  });

  test('every byte of what came is kept, through the store and out of it', async () => {
    const csms = await TestCsms.start();
    const station = await csms.station('CS1');
    const odd = { signedMeterData: 'T0NNRnw =\n', signingMethod: 'ünknown', encodingMethod: 'OCMF v1', publicKey: 'oca:base16:asn1:AB ' };
    await station.call('TransactionEvent', withSamples(0, signed(data, keyOf(METER), { context: 'Transaction.Begin' })));
    await station.call('TransactionEvent', withSamples(1, { value: 1, signedMeterValue: odd }));
    const useCases = new UseCases(csms.csms);
    const values = await csms.settle(useCases.transaction('CS1', 'tx-1').then((record) => useCases.signedMeterValues(record)));
    expect(values).toMatchObject([
      { seqNo: 0, signedMeterData: data, publicKey: keyOf(METER), context: 'Transaction.Begin' },
      { seqNo: 1, ...odd },
    ]);
    expect([...Value.Errors(SignedMeterValues, signedView(values))]).toEqual([]);
  });
});
