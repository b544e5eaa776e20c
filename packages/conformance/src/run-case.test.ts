import { describe, expect, test } from 'vitest';
import { csmsCase } from './case.ts';
import type { CsmsTest } from './csms-test.ts';
import { Inconclusive, NotApplicable } from './expectation.ts';
import { fakeOutside } from './fake-outside.ts';
import { runAll } from './run-all.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { SETTINGS } from './settings.ts';

const settings = { ...SETTINGS, caseMs: 60_000, callMs: 5_000, stepMs: 5_000 };
const system = { settings, address: { ws: 'ws://csms.test/ocpp' } };
const judge = (run: (t: CsmsTest) => Promise<void>, outside = fakeOutside().outside): Promise<CaseResult> =>
  runCase(csmsCase('TC_X_01_CSMS', 'a case', run), outside, system);

describe('the verdict of a case', () => {
  test('pass: everything held', async () => {
    expect(await judge(async (t) => void t.that(1, 'one', true, ''))).toMatchObject({ verdict: 'pass', title: 'a case' });
  });
  test('fail: one expectation did not hold, and the case went on', async () => {
    const result = await judge(async (t) => {
      t.that(1, 'one', false, 'Rejected', ['C01.FR.02']);
      t.that(2, 'two', true, '');
    });
    expect(result.verdict).toBe('fail');
    expect(result.expectations).toEqual([
      { step: 1, says: 'one', requirements: ['C01.FR.02'], ok: false, got: '"Rejected"' },
      { step: 2, says: 'two', requirements: [], ok: true },
    ]);
  });
  test('fail: a stop ends the case', async () => {
    const result = await judge(async (t) => {
      t.stop(1, 'one', undefined);
      t.that(2, 'never looked at', true, '');
    });
    expect(result).toMatchObject({ verdict: 'fail', expectations: [{ says: 'one', got: 'nothing' }] });
  });
  test('inconclusive: nothing was measured', async () => {
    expect(await judge(async () => {})).toMatchObject({ verdict: 'inconclusive', reason: 'nothing was measured' });
  });
  test('inconclusive: the driver fails', async () => {
    const { outside } = fakeOutside(async () => {
      throw new Inconclusive('the driver failed: 500');
    });
    expect(await judge(async (t) => void (await t.station()), outside)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the driver failed: 500',
    });
  });
  test('inconclusive: the kit stumbles', async () => {
    const stumble = async (): Promise<void> => {
      throw new TypeError('oops');
    };
    expect(await judge(stumble)).toMatchObject({ verdict: 'inconclusive', reason: 'the kit stumbled: oops' });
  });
  test('inconclusive: what was fine until then does not make a half case green', async () => {
    const result = await judge(async (t) => {
      t.that(1, 'one', true, '');
      t.inconclusive('no driver');
    });
    expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'no driver' });
  });
  test('not applicable: the system has no such thing', async () => {
    const { outside } = fakeOutside(async () => {
      throw new NotApplicable('no display');
    });
    expect(await judge(async (t) => void (await t.station()), outside)).toMatchObject({ verdict: 'notApplicable', reason: 'no display' });
  });
  test('a failed expectation outweighs whatever ended the case', async () => {
    const result = await judge(async (t) => {
      t.that(1, 'one', false, 'x');
      throw new NotApplicable('no display');
    });
    expect(result.verdict).toBe('fail');
  });
  test('inconclusive: the case does not end in its time', async () => {
    const { outside, clock } = fakeOutside();
    const running = judge(() => new Promise(() => {}), outside);
    await clock.advance(60_000);
    expect(await running).toMatchObject({ verdict: 'inconclusive', reason: 'the case did not end within 60 s', durationMs: 60_000 });
  });
  test('a CALL that is not answered fails after its time, on the step', async () => {
    const { outside, clock } = fakeOutside();
    const running = judge(async (t) => {
      const station = await t.station();
      await station.connect(1);
      await station.send(2, 'Heartbeat', {});
    }, outside);
    await clock.advance(5_000);
    const result = await running;
    expect(result.expectations.at(-1)).toMatchObject({ step: 2, says: 'Heartbeat is answered within 5 s', got: 'nothing', ok: false });
  });
  test('what a proof of silence takes is counted', async () => {
    const { outside, clock } = fakeOutside();
    const running = judge(async (t) => {
      await t.pass(2_000, 'nothing may come');
      t.that(1, 'silence', true, '');
    }, outside);
    await clock.advance(2_000);
    expect(await running).toMatchObject({ verdict: 'pass', silenceMs: 2_000, durationMs: 2_000 });
  });
  test('stations are removed again', async () => {
    const { outside, acts } = fakeOutside();
    await judge(async (t) => void (await t.station()), outside);
    expect(acts.map((act) => act.do)).toEqual(['registerStation', 'removeStation']);
  });
});

test('a run keeps the order of the catalogue, counts, and runs alone what must be alone', async () => {
  const { outside, clock } = fakeOutside();
  let busy = 0;
  let busyAlone = 0;
  const one = (id: string, alone: boolean) => ({
    entry: { id, role: 'csms', profile: 'core', mark: 'M', condition: '' } as const,
    run: csmsCase(
      id,
      id,
      async (t) => {
        busy += 1;
        if (alone) busyAlone = Math.max(busyAlone, busy);
        await t.pass(100, 'work');
        busy -= 1;
        t.that(1, 'ok', id !== 'C', '');
      },
      { alone },
    ),
  });
  const left = { entry: { ...one('B', false).entry, mark: 'C' } as const, title: 'not here', notApplicable: 'C-01 not declared' };
  const running = runAll({ role: 'csms', selected: [one('A', true), left, one('C', false), one('D', false)], outside, system, jobs: 4 });
  await clock.advance(1_000);
  const report = await running;
  expect(report.results.map(({ id, title, verdict }) => [id, title, verdict])).toEqual([
    ['A', 'A', 'pass'],
    ['B', 'not here', 'notApplicable'],
    ['C', 'C', 'fail'],
    ['D', 'D', 'pass'],
  ]);
  expect(report).toMatchObject({ counts: { pass: 2, fail: 1, inconclusive: 0, notApplicable: 1 }, silenceMs: 300 });
  expect(busyAlone).toBe(1);
});
