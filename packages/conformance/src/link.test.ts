import { describe, expect, test } from 'vitest';
import { csmsCase } from './case.ts';
import { type FakeSocket, fakeOutside } from './fake-outside.ts';
import { runCase } from './run-case.ts';
import { SETTINGS } from './settings.ts';

const idOf = (text: string): string => {
  const frame: unknown = JSON.parse(text);
  return Array.isArray(frame) ? String(frame[1]) : '';
};
const NOW = { currentTime: '2027-01-15T08:00:00Z' };
const answered = (text: string): string => JSON.stringify([3, idOf(text), NOW]);

/** A station of the kit sends one Heartbeat; what the CSMS says besides is the test's. Returns the rules for every link. */
async function heartbeat(says: (socket: FakeSocket, text: string) => void) {
  const { outside, socket } = fakeOutside();
  socket.answers = (text) => {
    if (text.includes('Heartbeat')) says(socket, text);
  };
  const result = await runCase(
    csmsCase('TC_X_02_CSMS', 'one heartbeat', async (t) => {
      const station = await t.station();
      await station.connect(1);
      await station.send(2, 'Heartbeat', {});
    }),
    outside,
    { settings: SETTINGS, address: { ws: 'ws://csms.test/ocpp' } },
  );
  const rules = result.expectations.filter(({ step }) => step === -1);
  return { result, socket, broken: rules.filter(({ ok }) => !ok).map(({ says: what, got }) => `${what}: ${got ?? ''}`) };
}

describe('the rules for every link', () => {
  test('a good answer breaks none of the three', async () => {
    const { result, broken } = await heartbeat((socket, text) => socket.says(answered(text)));
    expect(broken).toEqual([]);
    expect(result.verdict).toBe('pass');
    expect(result.expectations.filter(({ step }) => step === -1)).toHaveLength(3);
  });
  test.each([
    ['a frame that is no JSON', 'hello', /well-formed OCPP-J: .*not JSON/],
    ['a frame that is no list', '{}', /well-formed OCPP-J: .*not an array/],
    ['an unknown message type', '[9,"1",{}]', /well-formed OCPP-J: .*message type 9/],
    ['a message id that is too long', `[2,"${'x'.repeat(37)}","Heartbeat",{}]`, /well-formed OCPP-J/],
    ['an answer that nobody asked', '[3,"nobody",{}]', /no answer that nobody asked: .*nobody/],
    ['an error that nobody asked', '[4,"nobody","GenericError","",{}]', /no answer that nobody asked: .*nobody/],
    ['a CALL that does not fit its schema', '[2,"1","Reset",{}]', /fits its schema: .*Reset/],
    ['an action that OCPP does not know', '[2,"1","Explode",{}]', /fits its schema: .*Explode is no OCPP action/],
  ])('%s', async (_name, frame, complaint) => {
    const { result, broken } = await heartbeat((socket, text) => {
      socket.says(frame);
      socket.says(answered(text));
    });
    expect(result.verdict).toBe('fail');
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(complaint);
  });
  test('a binary frame', async () => {
    const { broken } = await heartbeat((socket, text) => {
      socket.saysBinary();
      socket.says(answered(text));
    });
    expect(broken[0]).toContain('a binary frame');
  });
  test('the same answer twice, also in one breath', async () => {
    const { broken } = await heartbeat((socket, text) => {
      socket.says(answered(text));
      socket.says(answered(text));
    });
    expect(broken[0]).toContain('which nobody asked');
  });
  test('the same message id twice', async () => {
    const call = '[2,"1","GetTransactionStatus",{}]';
    const { broken } = await heartbeat((socket, text) => {
      socket.says(call);
      socket.says(call);
      socket.says(answered(text));
    });
    expect(broken[0]).toContain('the message id 1 was used before');
  });
  test('a link that never spoke proves nothing', async () => {
    const { outside, socket } = fakeOutside();
    const result = await runCase(
      csmsCase('TC_X_03_CSMS', 'only connects', async (t) => {
        const station = await t.station();
        await station.connect(1);
      }),
      outside,
      { settings: SETTINGS, address: { ws: 'ws://csms.test/ocpp' } },
    );
    expect(result.expectations.some(({ step }) => step === -1)).toBe(false);
    expect(socket.sent).toEqual([]);
  });
});

test('an answer that does not fit its schema fails the step', async () => {
  const { result } = await heartbeat((socket, text) => socket.says(JSON.stringify([3, idOf(text), { currentTime: 5 }])));
  expect(result.expectations.find(({ ok }) => !ok)).toMatchObject({ step: 2, says: 'the answer to Heartbeat fits its schema' });
});
test('a CALLERROR fails the step and names its code', async () => {
  const { result } = await heartbeat((socket, text) => socket.says(JSON.stringify([4, idOf(text), 'InternalError', 'no', {}])));
  expect(result.expectations.find(({ ok }) => !ok)).toMatchObject({ step: 2, got: 'CALLERROR InternalError: no' });
});
test('a link that is closed instead of an answer fails the step', async () => {
  const { result } = await heartbeat((socket) => socket.hangsUp(1008, 'go away'));
  expect(result.expectations.find(({ ok }) => !ok)).toMatchObject({ step: 2, got: expect.stringContaining('1008 go away') });
});
test('a wrong CALL gets the error that a good station would answer', async () => {
  const { socket } = await heartbeat((s, text) => {
    s.says('[2,"7","Reset",{}]');
    s.says(answered(text));
  });
  const answer: unknown = JSON.parse(socket.sent.find((text) => text.startsWith('[4')) ?? '[]');
  expect(Array.isArray(answer) ? answer.slice(0, 2) : []).toEqual([4, '7']);
});
