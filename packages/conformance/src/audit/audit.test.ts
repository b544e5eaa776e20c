import { loadRules } from '@busbar/protocol';
import { loadCrypto } from '@busbar/runtime/node';
import { expect, test } from 'vitest';
import { csmsCase } from '../case.ts';
import type { CsmsTest } from '../csms-test.ts';
import { fakeOutside } from '../fake-outside.ts';
import { present } from '../field.ts';
import { partsOf, resultText } from '../frames.ts';
import { runCase } from '../run-case.ts';
import { SETTINGS } from '../settings.ts';
import { auditCase, type CaseAudit } from './audit.ts';
import { replaced } from './payloads.ts';
import { recording } from './tape.ts';
import { otherValues, poolOf } from './values.ts';

const system = { settings: SETTINGS, address: { ws: 'ws://csms.test/ocpp' } };

/** A case run once against a CSMS that accepts every boot, and then audited. */
async function audited(body: (t: CsmsTest) => Promise<void>): Promise<CaseAudit> {
  const testCase = csmsCase('TC_X_01_CSMS', 'a case', body);
  const { outside, socket } = fakeOutside();
  const currentTime = '2026-01-01T00:00:00Z';
  socket.answers = (text) => {
    const call = partsOf(text);
    if (call?.type !== 'call') return;
    const answer = call.action === 'Heartbeat' ? { currentTime } : { status: 'Accepted', interval: 300, currentTime };
    // As over a wire: after the CALL was sent.
    queueMicrotask(() => socket.says(resultText(call.id, answer)));
  };
  const taped = recording(outside);
  const result = await runCase(testCase, taped.outside, system);
  expect(result.verdict).toBe('pass');
  const rules = await loadRules('ocpp2.0.1');
  return auditCase(
    { testCase, tape: taped.tape, result },
    { entries: result.trace, rules, pool: poolOf([result.trace]) },
    { system, rules, crypto: await loadCrypto() },
  );
}

const boots = async (t: CsmsTest) => {
  const station = await t.station();
  await station.connect(1);
  const answer = await station.send(2, 'BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } });
  await station.send(4, 'Heartbeat', {});
  return answer;
};

test('a case that looks at what came turns red in every expectation', async () => {
  const audit = await audited(async (t) => {
    t.check(3, await boots(t), { status: 'Accepted', interval: 300 });
  });
  expect(audit).toMatchObject({ unfaithful: undefined, never: [] });
  expect(audit.red).toBeGreaterThan(4);
});

test('an expectation that cannot fail is found, whatever else the case looks at', async () => {
  const audit = await audited(async (t) => {
    const answer = await boots(t);
    t.check(3, answer, { status: 'Accepted' });
    t.that(4, 'all is well', true, '');
  });
  expect(audit.never).toEqual([{ step: 4, says: 'all is well' }]);
});

test('an expectation that the schema decides already is found', async () => {
  const audit = await audited(async (t) => {
    t.check(3, await boots(t), { currentTime: present });
  });
  expect(audit.never).toEqual([{ step: 3, says: 'currentTime is present' }]);
});

test('a trace that another case made is not taken for a proof', async () => {
  let runs = 0;
  const audit = await audited(async (t) => {
    runs += 1;
    const answer = await boots(t);
    t.that(3, 'it is the first run', runs === 1, runs, [], { entry: answer.entry });
  });
  expect(audit.unfaithful).toBe('fail it is the first run');
});

test('the same case from its tape has the same names, moments and order', async () => {
  const seen: string[] = [];
  await audited(async (t) => {
    const station = await t.station();
    seen.push(`${station.id} ${station.identity.password}`);
    await station.connect(1);
    t.check(2, await station.send(2, 'Heartbeat', {}), { currentTime: '2026-01-01T00:00:00Z' });
  });
  expect(new Set(seen).size).toBe(1);
  expect(seen.length).toBeGreaterThan(3);
});

test('values are replaced, added and removed at a path, and nowhere else', () => {
  const payload = { a: [{ b: 1, c: 2 }], d: 'x' };
  expect(replaced(payload, 'a.0.b', 7)).toEqual({ a: [{ b: 7, c: 2 }], d: 'x' });
  expect(replaced(payload, 'a.0.b', undefined)).toEqual({ a: [{ c: 2 }], d: 'x' });
  expect(replaced(payload, 'a.0', undefined)).toEqual({ a: [], d: 'x' });
  expect(replaced(payload, 'e.f', true)).toEqual({ ...payload, e: { f: true } });
  expect(replaced(payload, 'd.f', true)).toBeUndefined();
  expect(payload).toEqual({ a: [{ b: 1, c: 2 }], d: 'x' });
});

test('other values are never the value itself, and say when it is not there', () => {
  const values = [...otherValues('Accepted', 'status', poolOf([]))];
  expect(values).not.toContain('Accepted');
  expect(values).toContain(undefined);
  expect(values).toContain('Rejected');
});
