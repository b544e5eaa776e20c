import type { RequestOf } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { type Bench, bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

type Request = RequestOf<'CustomerInformation'>;

const ask = async (b: Bench, more: Partial<Request>): Promise<string> => {
  const { status } = await b.ask('CustomerInformation', { requestId: 4, report: true, clear: false, ...more });
  await b.wait(10);
  return status;
};
const parts = (b: Bench) => b.csms.of('NotifyCustomerInformation');
const text = (b: Bench): string =>
  parts(b)
    .map(({ data }) => data)
    .join('');
/** A card that was shown and went away: the cache and the diagnostics know it. */
async function remembering(): Promise<Bench> {
  const b = await bench().booted();
  await b.card();
  await b.wait(120);
  return b;
}

test('TC_N_27_CS N09.FR.02 N09.FR.05 what the stores hold of a token is told, and nothing is taken out', async () => {
  const b = await remembering();
  expect(await ask(b, { idToken: { ...CARD } })).toBe('Accepted');
  expect(parts(b)[0]).toMatchObject({ requestId: 4, seqNo: 0 });
  expect(text(b)).toMatch(/authorization cache: ISO14443 AABBCCDD Accepted, learned 20/);
  expect(text(b)).toMatch(/diagnostics: .* token \.\.\.CCDD presented/);
  expect([...b.disk.durable.keys()]).toContain('cache/ISO14443/AABBCCDD');
  expect(b.csms.faults).toEqual([]);
});

test('N09.FR.05 who charges now and what waits for delivery is told as well, also after a power cut', async () => {
  const b = await bench().booted();
  await b.charging();
  await b.offline();
  await b.card();
  b.cut();
  b.csms.always('TransactionEvent', 'silence');
  b.csms.accepting = true;
  b.restore();
  await b.wait(30);
  await ask(b, { idToken: { ...CARD } });
  expect(text(b)).toMatch(/waits for delivery: ISO14443 AABBCCDD, transaction [\w-]+, event \d+/);
  const c = await bench().booted();
  await c.charging();
  await ask(c, { idToken: { ...CARD } });
  expect(text(c)).toMatch(/EVSE 1: ISO14443 AABBCCDD charges, transaction [\w-]+/);
});

test('TC_N_28_CS N09.FR.06 N10.FR.04 TC_N_31_CS of somebody unknown one message says that nothing was found', async () => {
  for (const clear of [false, true]) {
    const b = await remembering();
    expect(await ask(b, { idToken: { ...OTHER_CARD }, clear })).toBe('Accepted');
    expect(parts(b)).toHaveLength(1);
    expect(parts(b)[0]).toMatchObject({ data: 'No data found.', seqNo: 0, tbc: false });
  }
});

test('TC_N_30_CS N10.FR.01 N10.FR.03 clear and report: it is told, then it is gone, from the disk too', async () => {
  const b = await remembering();
  expect(await ask(b, { idToken: { ...CARD }, clear: true })).toBe('Accepted');
  expect(text(b)).toContain('authorization cache: ISO14443 AABBCCDD');
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
  expect(JSON.stringify([...b.disk.durable])).not.toContain('...CCDD');
  b.csms.forget();
  await ask(b, { idToken: { ...CARD } });
  expect(text(b)).toBe('No data found.');
});

test('TC_N_32_CS N10.FR.06 clear without report: one message says that it was cleared', async () => {
  const b = await remembering();
  expect(await ask(b, { idToken: { ...CARD }, clear: true, report: false })).toBe('Accepted');
  expect(parts(b)).toHaveLength(1);
  expect(text(b)).toMatch(/^Customer data cleared \(\d+ records\)\.$/);
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
});

test('N10.FR.03 N10.FR.06 the local list is told and stays: its version is the business of the CSMS', async () => {
  const b = bench();
  const entry = { idToken: { ...CARD }, idTokenInfo: { status: 'Accepted' } };
  b.disk.durable.set('locallist/ISO14443/aabbccdd', JSON.stringify(entry));
  b.restore();
  await b.booted();
  await ask(b, { idToken: { ...CARD }, clear: true });
  expect(text(b)).toContain('local authorization list: ISO14443 AABBCCDD Accepted');
  expect([...b.disk.durable.keys()]).toContain('locallist/ISO14443/aabbccdd');
});

test('TC_N_62_CS N09.FR.05 N10.FR.03 a customerIdentifier is found as a token, as a group or beside a token', async () => {
  const b = await bench().booted();
  b.csms.always('Authorize', { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'Family-7', type: 'Central' } } });
  await b.card();
  await b.wait(120);
  expect(await ask(b, { customerIdentifier: 'family-7', clear: true })).toBe('Accepted');
  expect(text(b)).toContain('ISO14443 AABBCCDD Accepted');
  expect(text(b)).toContain('group Family-7');
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
});

test('TC_N_62_CS N10.FR.03 what was read beside a token is known too, and who was let in and has not begun is forgotten', async () => {
  const b = await bench().booted();
  b.hardware.presentToken({ ...CARD, additionalInfo: [{ additionalIdToken: 'Customer-9', type: 'customer' }] });
  await b.wait();
  expect(b.evse().authorized).toBe(true);
  await ask(b, { customerIdentifier: 'Customer-9', clear: true });
  expect(text(b)).toContain('authorization cache: ISO14443 AABBCCDD');
  expect(text(b)).toContain('EVSE 1: ISO14443 AABBCCDD was let in');
  expect(b.evse().authorized).toBe(false);
  b.csms.forget();
  await ask(b, { customerIdentifier: 'Customer-9' });
  await ask(b, { idToken: { ...CARD } });
  expect(text(b)).toBe('No data found.No data found.');
});

test('TC_N_63_CS N09.FR.06 of a certificate the station keeps no data, and says so', async () => {
  const b = await remembering();
  const customerCertificate = { hashAlgorithm: 'SHA256', issuerNameHash: '00', issuerKeyHash: '00', serialNumber: '1' } as const;
  expect(await ask(b, { customerCertificate })).toBe('Accepted');
  expect(text(b)).toBe('No data found.');
});

test('N09.FR.09 no way or two ways to name somebody is Invalid; N09.FR.07 N10.FR.07 neither report nor clear is Rejected', async () => {
  const b = await remembering();
  expect(await ask(b, {})).toBe('Invalid');
  expect(await ask(b, { idToken: { ...CARD }, customerIdentifier: 'x' })).toBe('Invalid');
  expect(await ask(b, { idToken: { ...CARD }, report: false })).toBe('Rejected');
  expect(parts(b)).toEqual([]);
});

test('N09.FR.03 N10.FR.05 TC_N_29_CS TC_N_33_CS while one report is under way another is Rejected', async () => {
  const b = await remembering();
  b.csms.once('NotifyCustomerInformation', 'silence');
  expect(await ask(b, { idToken: { ...CARD } })).toBe('Accepted');
  expect(await ask(b, { idToken: { ...CARD } })).toBe('Rejected');
  await b.wait(60);
  expect(await ask(b, { idToken: { ...CARD } })).toBe('Accepted');
});

test('N09.FR.05 much data comes in numbered parts of at most 512 characters, and every character arrives', async () => {
  const b = await bench().booted();
  for (let n = 0; n < 30; n += 1) await b.card();
  await b.wait(120);
  await ask(b, { idToken: { ...CARD } });
  await b.wait(60);
  const all = parts(b);
  expect(all.length).toBeGreaterThan(2);
  expect(all.map(({ seqNo }) => seqNo)).toEqual(all.map((_, index) => index));
  expect(all.map(({ tbc }) => tbc)).toEqual(all.map((_, index) => index < all.length - 1));
  expect(
    text(b)
      .split('\n')
      .filter((line) => line.includes('token ...CCDD presented')),
  ).toHaveLength(30);
  expect(b.csms.faults).toEqual([]);
});
