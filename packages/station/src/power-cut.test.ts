import { loadRules } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { type Bench, bench, CARD } from './testing/bench.ts';

const VARIABLES = {
  'SampledDataCtrlr.TxUpdatedInterval': '60',
  'SampledDataCtrlr.TxEndedInterval': '60',
  'TxCtrlr.TxStartPoint': 'EVConnected',
};

/** One whole session as a driver does it, whatever happens to the process meanwhile. */
async function session(b: Bench): Promise<void> {
  await b.wait(5);
  b.hardware.plug(1, 1, { readyAfterS: 0 });
  await b.wait(5);
  b.hardware.presentToken(CARD);
  await b.wait(200);
  b.hardware.presentToken(CARD);
  await b.wait(20);
  b.hardware.unplug(1);
  await b.wait(60);
}

/** Runs a session and cuts the power at the n-th commit; a moment later it is back. */
async function cutAt(n: number): Promise<{ b: Bench; commits: number }> {
  await loadRules('ocpp2.0.1');
  const b = bench({ variables: VARIABLES });
  let cut = false;
  b.disk.onCommit = (count) => {
    if (cut || count !== n) return;
    cut = true;
    b.cut();
    b.clock.after(3_000, 'power is back', () => b.restore());
  };
  b.station.start();
  await session(b);
  await b.wait(300);
  // Whoever still hangs on the cable leaves; what is open ends.
  b.hardware.unplug(1, 1, 'ev');
  await b.wait(300);
  return { b, commits: b.disk.commits };
}

function check({ b }: { b: Bench }): string[] {
  const wrong: string[] = [];
  const byTransaction = new Map<string, Map<number, string>>();
  for (const event of b.events) {
    const { transactionId } = event.transactionInfo;
    const known = byTransaction.get(transactionId) ?? new Map<number, string>();
    byTransaction.set(transactionId, known);
    const { offline: _sent, ...body } = event;
    const text = JSON.stringify(body);
    if ((known.get(event.seqNo) ?? text) !== text) wrong.push(`two bodies under seqNo ${event.seqNo}`);
    known.set(event.seqNo, text);
  }
  let billed = 0;
  for (const [id, events] of byTransaction) {
    const seqNos = [...events.keys()].sort((x, y) => x - y);
    if (seqNos.some((seqNo, index) => seqNo !== index)) wrong.push(`${id}: numbers ${seqNos.join(',')}`);
    const bodies = seqNos.map((seqNo): { eventType: string; meterValue?: { sampledValue: { value: number; measurand: string }[] }[] } =>
      JSON.parse(events.get(seqNo) ?? '{}'),
    );
    if (bodies.filter((body) => body.eventType === 'Started').length !== 1) wrong.push(`${id}: not one Started`);
    if (bodies.filter((body) => body.eventType === 'Ended').length !== 1) wrong.push(`${id}: not one Ended`);
    const register = (body: (typeof bodies)[number] | undefined, at: 0 | -1): number =>
      body?.meterValue?.at(at)?.sampledValue.find((value) => value.measurand === 'Energy.Active.Import.Register')?.value ?? Number.NaN;
    billed += register(bodies.at(-1), -1) - register(bodies[0], 0);
  }
  const meter = b.hardware.readMeter(1).importMWh / 1000;
  if (Math.abs(billed - meter) > 1e-6) wrong.push(`billed ${billed} Wh, the meter says ${meter} Wh`);
  if (b.station.facts().queuedEvents !== 0) wrong.push('events still queued');
  if (b.csms.faults.length > 0) wrong.push(...b.csms.faults);
  if (b.csms.overlaps > 0) wrong.push('two CALLs at once');
  return wrong;
}

test('P119 P78 E01.FR.07 E08.FR.06 the power is cut at every commit of a session: no lost energy, no doubled or skipped number, one Ended', async () => {
  const whole = await cutAt(-1);
  expect(check(whole)).toEqual([]);
  expect(whole.b.events.length).toBeGreaterThan(6);
  expect(whole.commits).toBeGreaterThan(20);
  for (let n = 1; n <= whole.commits; n += 1) {
    const result = await cutAt(n);
    expect({ cutAfterCommit: n, wrong: check(result) }).toEqual({ cutAfterCommit: n, wrong: [] });
  }
}, 120_000);

test('P78 a short interruption with the vehicle still there: the transaction goes on', async () => {
  const b = await bench({ variables: VARIABLES }).booted();
  const id = await b.charging();
  b.cut();
  await b.wait(30);
  b.restore();
  await b.wait(30);
  expect(b.evse()).toMatchObject({ flow: 'flowing', transaction: { id } });
  expect(b.csms.of('StatusNotification').at(-1)?.connectorStatus).toBe('Occupied');
  expect(b.events.filter((event) => event.eventType === 'Started')).toHaveLength(1);
});

test('P78 a long interruption: Ended with AbnormalCondition and PowerLoss before anything new', async () => {
  const b = await bench({ variables: { ...VARIABLES, 'TxCtrlr.ResumptionTimeout': '60' } }).booted();
  await b.charging();
  b.cut();
  await b.wait(600);
  b.restore();
  await b.wait(30);
  expect(b.lastEvent).toMatchObject({
    eventType: 'Ended',
    triggerReason: 'AbnormalCondition',
    offline: true,
    transactionInfo: { stoppedReason: 'PowerLoss' },
  });
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
});

test('P78 the vehicle left while there was no power: the transaction ends as by unplugging', async () => {
  const b = await bench({ variables: VARIABLES }).booted();
  await b.charging();
  b.cut();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait(10);
  b.restore();
  await b.wait(30);
  expect(b.lastEvent).toMatchObject({
    eventType: 'Ended',
    triggerReason: 'EVCommunicationLost',
    transactionInfo: { chargingState: 'Idle', stoppedReason: 'EVDisconnected' },
  });
});

test('AllowEnergyTransferResumption false: the transaction goes on without energy', async () => {
  const b = await bench({ variables: { ...VARIABLES, 'TxCtrlr.AllowEnergyTransferResumption': 'false' } }).booted();
  const id = await b.charging();
  b.cut();
  await b.wait(30);
  b.restore();
  await b.wait(30);
  expect(b.evse()).toMatchObject({ contactor: 'open', transaction: { id, chargingState: 'SuspendedEVSE' } });
});

test('P78 a reset that was cut short by a power cut: the transaction ends with ImmediateReset', async () => {
  const b = await bench({ variables: VARIABLES }).booted();
  await b.charging();
  b.disk.durable.set('boot/reason', '"RemoteReset"');
  b.cut();
  b.restore();
  await b.wait(10);
  expect(b.lastEvent).toMatchObject({
    eventType: 'Ended',
    triggerReason: 'ResetCommand',
    transactionInfo: { stoppedReason: 'ImmediateReset' },
  });
});

test('a clean stop leaves the transaction open for the next start', async () => {
  const b = await bench({ variables: VARIABLES }).booted();
  const id = await b.charging();
  const stopped = b.station.stop();
  await b.wait(1);
  await stopped;
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  b.station.start();
  await b.wait(30);
  expect(b.evse().transaction?.id).toBe(id);
  expect(b.evse().flow).toBe('flowing');
});

test('a power cut during a reboot: the old process does not come back beside the new one', async () => {
  const b = await bench().booted();
  await b.ask('Reset', { type: 'Immediate' });
  expect(b.station.facts().power).toBe('off');
  b.cut();
  b.restore();
  await b.wait(120);
  expect(b.csms.of('BootNotification')).toHaveLength(2);
  expect(b.csms.handshakes).toHaveLength(2);
});
