import { loadRules } from '@busbar/protocol';
import { between, type Random } from '@busbar/runtime';
import { seededRandom } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import { demoTopologies } from './hardware/index.ts';
import { type Bench, bench } from './testing/bench.ts';

const POINTS = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer'];
const CARDS = ['AAAA', 'BBBB', 'CCCC'];

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[between(random, 0, values.length - 1)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** The CSMS wants something; whether it is possible is the station's business. */
function command(b: Bench, random: Random, evseId: number): void {
  const transactionId = b.station.facts().evses[evseId - 1]?.transaction?.id ?? 'none';
  const idToken = { idToken: pick(random, CARDS), type: 'ISO14443' };
  const [action, request] = pick<readonly [string, unknown]>(random, [
    ['Reset', { type: 'Immediate' }],
    ['Reset', { type: 'OnIdle' }],
    ['Reset', { type: 'Immediate', evseId }],
    ['RequestStartTransaction', { evseId, idToken, remoteStartId: between(random, 1, 1_000) }],
    ['RequestStartTransaction', { idToken, remoteStartId: between(random, 1, 1_000) }],
    ['RequestStopTransaction', { transactionId }],
    ['UnlockConnector', { evseId, connectorId: 1 }],
    ['ChangeAvailability', { operationalStatus: pick(random, ['Operative', 'Inoperative']), evse: { id: evseId } }],
    ['TriggerMessage', { requestedMessage: 'TransactionEvent' }],
  ]);
  b.csms.callRaw(action, request).catch(() => undefined);
}

/** Drivers, vandals, the network and the power, all at random; afterwards everything comes to rest. */
async function live(seed: number): Promise<Bench> {
  const random = seededRandom(seed);
  await loadRules('ocpp2.0.1');
  const b = bench({
    topology: demoTopologies.acThreePhase,
    variables: {
      'TxCtrlr.TxStartPoint': pick(random, POINTS),
      'TxCtrlr.TxStopPoint': pick(random, POINTS),
      'TxCtrlr.StopTxOnEVSideDisconnect': `${random.next() < 0.5}`,
      'TxCtrlr.StopTxOnInvalidId': `${random.next() < 0.5}`,
      'TxCtrlr.EVConnectionTimeOut': '30',
      'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true',
      'SampledDataCtrlr.TxEndedInterval': '30',
      'OCPPCommCtrlr.RetryBackOffWaitMinimum': '2',
      'OCPPCommCtrlr.MessageAttempts[TransactionEvent]': '100',
      'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': '5',
    },
  });
  b.csms.always('TransactionEvent', ({ idToken }) => {
    if (!idToken) return {};
    return { idTokenInfo: { status: idToken.idToken === 'CCCC' ? 'Invalid' : 'Accepted' } };
  });
  b.station.start();
  let powered = true;
  for (let step = 0; step < 60; step += 1) {
    await b.wait(between(random, 1, 60));
    const evse = between(random, 1, 2);
    const act = between(random, 0, 13);
    if (!powered) {
      b.restore();
      powered = true;
    } else if (act <= 1)
      b.hardware.plug(evse, 1, { readyAfterS: between(random, 0, 15), socPercent: between(random, 10, 99), batteryWh: 5_000 });
    else if (act <= 3) b.hardware.unplug(evse, 1, pick(random, ['ev', 'both'] as const));
    else if (act <= 6)
      b.hardware.presentToken({ type: 'ISO14443', idToken: pick(random, CARDS), ...(random.next() < 0.5 ? { evse } : {}) });
    else if (act === 7) b.hardware.bay(evse, random.next() < 0.5);
    else if (act === 8) b.hardware.evState(evse, pick(random, ['suspended', 'charging', 'notReady', 'ready'] as const));
    else if (act === 9) {
      b.csms.accepting = random.next() < 0.7;
      b.csms.close();
    } else if (act === 10) {
      b.cut();
      powered = false;
    } else if (act >= 12) command(b, random, evse);
    else if (random.next() < 0.5) b.hardware.injectFault({ evse }, 'ground-fault');
    else b.hardware.clearFault({ evse });
  }
  if (!powered) b.restore();
  b.csms.accepting = true;
  await b.wait(60);
  for (const evse of [1, 2]) {
    b.hardware.clearFault({ evse });
    b.hardware.unplug(evse, 1, 'ev');
    b.hardware.bay(evse, false);
  }
  await b.wait(60);
  // Whoever may still charge without being plugged in (E10) shows his card.
  for (const session of b.station.facts().evses)
    if (session.transaction) for (const idToken of CARDS) await b.card({ idToken, type: 'ISO14443' }, session.id);
  await b.wait(900);
  return b;
}

function wrong(b: Bench): string[] {
  const faults = [...b.csms.faults];
  const transactions = new Map<
    string,
    { seqNos: Set<number>; started: number; ended: number; first: number | undefined; last: number | undefined }
  >();
  const seen = new Set<string>();
  for (const event of b.events) {
    const id = event.transactionInfo.transactionId;
    const tx = transactions.get(id) ?? { seqNos: new Set(), started: 0, ended: 0, first: undefined, last: undefined };
    transactions.set(id, tx);
    if (seen.has(`${id}/${event.seqNo}`)) continue; // sent again after a lost answer
    seen.add(`${id}/${event.seqNo}`);
    tx.seqNos.add(event.seqNo);
    if (event.eventType === 'Started') tx.started += 1;
    if (event.eventType === 'Ended') tx.ended += 1;
    const registers =
      event.meterValue?.flatMap((value) =>
        value.sampledValue.filter((sample) => sample.measurand === 'Energy.Active.Import.Register').map((sample) => sample.value),
      ) ?? [];
    tx.first ??= registers[0];
    tx.last = registers.at(-1) ?? tx.last;
  }
  let billed = 0;
  for (const [id, tx] of transactions) {
    const last = Math.max(...tx.seqNos);
    if (tx.seqNos.size !== last + 1) faults.push(`${id}: ${tx.seqNos.size} of ${last + 1} numbers`);
    if (tx.started !== 1 || tx.ended !== 1) faults.push(`${id}: ${tx.started} Started, ${tx.ended} Ended`);
    billed += (tx.last ?? 0) - (tx.first ?? 0);
  }
  const meter = b.hardware.readMeter(0).importMWh / 1000;
  if (Math.abs(billed - meter) > 0.001) faults.push(`billed ${billed} Wh of ${meter} Wh`);
  if (b.station.facts().queuedEvents > 0) faults.push('events still queued');
  if (b.csms.overlaps > 0) faults.push('two CALLs at once');
  for (const evse of b.hardware.facts().evses) if (evse.contactor === 'closed') faults.push(`contactor of EVSE ${evse.id} closed at rest`);
  return faults;
}

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

test('P119 at random: whatever happens, every number is told, each transaction has one Started and one Ended, and the bill is the meter', async () => {
  const bad: Record<number, string[]> = {};
  const triggers = new Set<string>();
  let energyWh = 0;
  for (const seed of SEEDS) {
    const b = await live(seed);
    const faults = wrong(b);
    for (const event of b.events) triggers.add(event.triggerReason);
    energyWh += b.hardware.readMeter(0).importMWh / 1000;
    if (faults.length > 0) bad[seed] = faults;
  }
  expect(bad).toEqual({});
  // The lives were worth living.
  expect(energyWh).toBeGreaterThan(10_000);
  expect(triggers.size).toBeGreaterThan(14);
}, 120_000);
