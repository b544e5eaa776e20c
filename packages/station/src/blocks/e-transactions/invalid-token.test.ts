import { expect, test } from 'vitest';
import { type Bench, bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

const INVALID = { idTokenInfo: { status: 'Invalid' } } as const;
const energyWh = (b: Bench): number => b.hardware.readMeter(1).importMWh / 1000;
const told = (b: Bench): string => `${b.lastEvent.eventType} ${b.lastEvent.triggerReason} ${b.lastEvent.transactionInfo.chargingState}`;

interface Case {
  readonly stopTx: boolean;
  readonly maxWh: number;
  readonly stop: string;
}

/** The token is refused online in the answer to its event, or offline after the reconnect. */
async function refused(how: 'online' | 'offline', { stopTx, maxWh, stop }: Case): Promise<Bench> {
  const b = await bench({
    variables: {
      'TxCtrlr.StopTxOnInvalidId': `${stopTx}`,
      'TxCtrlr.MaxEnergyOnInvalidId': `${maxWh}`,
      'TxCtrlr.TxStopPoint': stop,
      'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true',
      'SampledDataCtrlr.TxUpdatedInterval': '0',
    },
  }).booted();
  if (how === 'offline') await b.offline();
  b.csms.always('TransactionEvent', (request) => ('idToken' in request ? INVALID : {}));
  if (how === 'online') b.csms.once('Authorize', { idTokenInfo: { status: 'Accepted' } });
  await b.plug();
  await b.card();
  if (how === 'offline') {
    await b.wait(20);
    await b.online();
  }
  await b.wait(5);
  return b;
}

const MATRIX: readonly [string, 'online' | 'offline', Case, string][] = [
  ['E05.FR.09', 'online', { stopTx: true, maxWh: 0, stop: 'EVConnected' }, 'Updated Deauthorized EVConnected'],
  ['E05.FR.10', 'online', { stopTx: true, maxWh: 0, stop: 'Authorized' }, 'Ended Deauthorized EVConnected'],
  ['E05.FR.10', 'online', { stopTx: true, maxWh: 500, stop: 'PowerPathClosed' }, 'Ended Deauthorized EVConnected'],
  ['E05.FR.10', 'online', { stopTx: true, maxWh: 0, stop: 'EnergyTransfer' }, 'Ended Deauthorized EVConnected'],
  ['E05.FR.02', 'online', { stopTx: false, maxWh: 0, stop: 'PowerPathClosed' }, 'Updated ChargingStateChanged SuspendedEVSE'],
  ['C15.FR.02 C15.FR.03', 'offline', { stopTx: true, maxWh: 0, stop: 'EVConnected' }, 'Updated Deauthorized EVConnected'],
  ['C15.FR.02 C15.FR.04', 'offline', { stopTx: true, maxWh: 0, stop: 'Authorized' }, 'Ended Deauthorized EVConnected'],
  ['C15.FR.06', 'offline', { stopTx: false, maxWh: 0, stop: 'Authorized' }, 'Updated ChargingStateChanged SuspendedEVSE'],
];

test.each(MATRIX)(
  'E05.FR.02 E05.FR.09 E05.FR.10 C15.FR.02 C15.FR.03 C15.FR.04 C15.FR.06 a token refused afterwards (%s, %s): %j',
  async (_ids, how, settings, expected) => {
    const b = await refused(how, settings);
    expect(told(b)).toBe(expected);
    expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
    const before = energyWh(b);
    await b.wait(120);
    expect(energyWh(b)).toBe(before);
  },
);

test('E05.FR.02 with EnergyTransfer as stop point the stopped energy ends the transaction', async () => {
  const b = await refused('offline', { stopTx: false, maxWh: 0, stop: 'EnergyTransfer' });
  expect(b.lastEvent.eventType).toBe('Ended');
});

test.each([
  ['E05.FR.03', 'online'],
  ['C15.FR.07', 'offline'],
] as const)('%s energy is allowed until MaxEnergyOnInvalidId is reached (%s)', async (_id, how) => {
  const b = await refused(how, { stopTx: false, maxWh: 500, stop: 'PowerPathClosed' });
  expect(b.evse().flow).toBe('flowing');
  await b.wait(600);
  expect(told(b)).toBe('Updated ChargingStateChanged SuspendedEVSE');
  expect(energyWh(b)).toBeGreaterThanOrEqual(500);
  expect(energyWh(b)).toBeLessThan(505);
});

test.each(['online', 'offline'] as const)(
  'E05.FR.11 C15.FR.05 the cable of a refused token stays locked until its owner shows it (%s)',
  async (how) => {
    const b = await refused(how, { stopTx: true, maxWh: 0, stop: 'PowerPathClosed' });
    const lock = () => b.hardware.facts().evses[0]?.connectors[0]?.lock;
    await b.card(OTHER_CARD);
    expect(lock()).toBe('locked');
    await b.card(CARD);
    expect(lock()).toBe('unlocked');
  },
);

test('C15.FR.01 C15.FR.08 offline an unknown token charges when that is allowed, and is not cached for it', async () => {
  const b = await bench({ variables: { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' } }).booted();
  await b.offline();
  await b.charging();
  expect(b.evse().flow).toBe('flowing');
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('cache/'))).toEqual([]);
  const strict = await bench().booted();
  await strict.offline();
  await strict.plug();
  await strict.card();
  expect(strict.evse().authorized).toBe(false);
});

test('E05.FR.11 a cable waits only for a token that somebody can show', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '0' } }).booted();
  b.csms.always('TransactionEvent', (request) => ('idToken' in request ? INVALID : {}));
  await b.plug();
  b.hardware.startButton(1);
  await b.wait(5);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'Deauthorized' });
  expect(b.hardware.facts().evses[0]?.connectors[0]?.lock).toBe('unlocked');
});

test('a kind of token that the station does not support is refused before anything is sent', async () => {
  const b = await bench().booted();
  await b.plug();
  await b.card({ idToken: 'WVWZZZ', type: 'VIN' });
  expect(b.csms.of('Authorize')).toEqual([]);
  expect(b.evse().authorized).toBe(false);
});

test('LocalAuthorizeOffline: a cached token charges offline or does not', async () => {
  for (const allowed of ['true', 'false']) {
    const b = await bench({ variables: { 'AuthCtrlr.LocalAuthorizeOffline': allowed } }).booted();
    await b.card();
    await b.wait(70);
    await b.offline();
    await b.plug();
    await b.card();
    expect(b.evse().authorized).toBe(allowed === 'true');
  }
});
