import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { VERBS } from '../../control/verbs.ts';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench, OTHER_CARD } from '../../testing/bench.ts';

const MASTER = { idToken: 'BOSS', type: 'ISO14443' } as const;

async function station(selection: boolean): Promise<Bench> {
  const topology = { ...demoTopologies.acThreePhase, selection };
  const b = await bench({ topology, variables: { 'AuthCtrlr.MasterPassGroupId': 'MASTER' } }).booted();
  b.csms.always('Authorize', ({ idToken }) => ({
    idTokenInfo: { status: 'Accepted', ...(idToken.idToken === 'BOSS' ? { groupIdToken: { idToken: 'MASTER', type: 'Central' } } : {}) },
  }));
  await b.charging(1);
  await b.charging(2, OTHER_CARD);
  return b;
}
const select = (b: Bench, body: unknown) => VERBS.select(body, { station: b.station, hardware: b.hardware });
const ended = (b: Bench): (number | undefined)[] => b.events.filter((event) => event.eventType === 'Ended').map((event) => event.evse?.id);
const running = (b: Bench): boolean[] => [1, 2].map((evse) => b.evse(evse).transaction !== undefined);

test('TC_C_47_CS C16.FR.01 C16.FR.07 with a display nothing ends by itself; the choice of all ends all, with MasterPass', async () => {
  const b = await station(true);
  await b.card(MASTER);
  expect(running(b)).toEqual([true, true]);
  expect(b.hardware.facts().evses[0]?.display).toEqual(['Which transactions shall end?', 'all', 'EVSE 1', 'EVSE 2']);
  expect(await select(b, { all: true })).toBe('done');
  await b.wait();
  expect(running(b)).toEqual([false, false]);
  const last = b.events.filter((event) => event.eventType === 'Ended');
  expect(last).toHaveLength(2);
  for (const event of last) {
    expect(event).toMatchObject({ triggerReason: 'StopAuthorized', idToken: MASTER, transactionInfo: { stoppedReason: 'MasterPass' } });
  }
});

test('TC_C_48_CS C16.FR.01 C16.FR.07 one of them is chosen, the other goes on; then the other too', async () => {
  const b = await station(true);
  await b.card(MASTER);
  await select(b, { evse: 2 });
  await b.wait();
  expect(running(b)).toEqual([true, false]);
  await select(b, { evse: 1 });
  await b.wait();
  expect(running(b)).toEqual([false, false]);
  expect(new Set(b.events.filter((event) => event.eventType === 'Ended').map((event) => event.transactionInfo.stoppedReason))).toEqual(
    new Set(['MasterPass']),
  );
});

test('C16.FR.01 who chooses nothing in time has chosen nothing; a choice nobody was asked for does nothing', async () => {
  const b = await station(true);
  await select(b, { all: true });
  await b.card(MASTER);
  await b.wait(limits.selectionMs / 1_000);
  await select(b, { all: true });
  await b.wait();
  expect(ended(b)).toEqual([]);
  expect(running(b)).toEqual([true, true]);
});

test('TC_C_49_CS C16.FR.02 without a display all end at once, and there is nothing to choose on', async () => {
  const b = await station(false);
  await b.card(MASTER);
  expect(running(b)).toEqual([false, false]);
  expect(await select(b, { all: true })).toMatchObject({ code: 'not-applicable' });
});
