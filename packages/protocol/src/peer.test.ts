import { makeIds, Scope, type Socket, type SocketHandlers, silentLog } from '@busbar/runtime';
import { seededRandom, VirtualClock } from '@busbar/runtime/virtual';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Action } from './actions.ts';
import { type InboundCall, type InvalidCall, Peer, type PeerOptions } from './peer.ts';
import { CallFailure, RpcError } from './rpc-error.ts';
import { loadRules, type VersionRules } from './rules.ts';
import type { OcppVersion } from './versions.ts';

const rules = new Map<OcppVersion, VersionRules>();
beforeAll(async () => {
  for (const version of ['ocpp2.0.1', 'ocpp2.1'] as const) rules.set(version, await loadRules(version));
});

/** A peer on a socket whose other end is the test. */
function peer(over: Partial<PeerOptions> = {}, version: OcppVersion = 'ocpp2.0.1') {
  const clock = new VirtualClock();
  const sent: unknown[][] = [];
  const calls: InboundCall[] = [];
  const state = { paused: false, closed: undefined as number | undefined };
  let handlers: SocketHandlers | undefined;
  const socket: Socket = {
    subprotocol: version,
    remoteAddress: '127.0.0.1',
    bufferedBytes: 0,
    send: (text) => sent.push(JSON.parse(text)),
    ping: () => undefined,
    close: (code) => {
      state.closed = code;
    },
    terminate: () => undefined,
    pause: () => {
      state.paused = true;
    },
    resume: () => {
      state.paused = false;
    },
    handle: (given) => {
      handlers = given;
    },
  };
  const own = rules.get(version);
  if (own === undefined) throw new Error('rules are not loaded');
  const built = new Peer({
    socket,
    rules: own,
    side: 'csms',
    scope: new Scope(clock, silentLog, 'test'),
    ids: makeIds(seededRandom(1), clock),
    log: silentLog,
    serves: new Set<Action>(['Heartbeat', 'StatusNotification', 'DataTransfer', 'BootNotification', 'TransactionEvent']),
    call: (call) => calls.push(call),
    ...over,
  });
  const hear = (frame: unknown): void => handlers?.text(typeof frame === 'string' ? frame : JSON.stringify(frame));
  return { peer: built, clock, sent, calls, state, hear, drop: () => handlers?.closed(1006, 'gone'), binary: () => handlers?.binary() };
}
const beat = (calls: InboundCall[], index = 0): void => {
  const call = calls[index];
  if (call?.action === 'Heartbeat') call.respond({ currentTime: '2026-01-01T00:00:00Z' });
};
const STATUS = { timestamp: '2026-01-01T00:00:00Z', connectorStatus: 'Available', evseId: 1, connectorId: 1 };

describe('CALLs of the other side', () => {
  test('GEN.FR.02 a good request gets its CALLRESULT', () => {
    const { hear, calls, sent } = peer();
    hear([2, 'id1', 'Heartbeat', {}]);
    beat(calls);
    expect(sent).toEqual([[3, 'id1', { currentTime: '2026-01-01T00:00:00Z' }]]);
  });

  test.each([
    ['an action of no version', 'Nonsense', {}, 'NotImplemented'],
    ['a known action nobody here serves', 'NotifyReport', {}, 'NotSupported'],
    ['a known action from the wrong side', 'Reset', { type: 'Immediate' }, 'NotSupported'],
    ['a signed action', 'Heartbeat-Signed', {}, 'NotSupported'],
    ['an action that only 2.1 knows', 'BatterySwap', {}, 'NotSupported'],
    ['a payload that is no object', 'Heartbeat', 'text', 'FormatViolation'],
    ['a missing field', 'StatusNotification', { ...STATUS, evseId: undefined }, 'OccurrenceConstraintViolation'],
    ['an unknown field', 'StatusNotification', { ...STATUS, extra: 1 }, 'OccurrenceConstraintViolation'],
    ['a wrong type', 'StatusNotification', { ...STATUS, evseId: '1' }, 'TypeConstraintViolation'],
    ['an unknown enumeration value', 'StatusNotification', { ...STATUS, connectorStatus: 'Broken' }, 'PropertyConstraintViolation'],
    ['a text that is too long', 'DataTransfer', { vendorId: 'v'.repeat(256) }, 'PropertyConstraintViolation'],
    ['a time that is none', 'StatusNotification', { ...STATUS, timestamp: 'noon' }, 'PropertyConstraintViolation'],
  ])('GEN.FR.03 %s is answered by a CALLERROR of its kind (D3)', (_what, action, payload, code) => {
    const { hear, sent, calls } = peer();
    hear([2, 'id1', action, payload]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.slice(0, 3)).toEqual([4, 'id1', code]);
    expect(calls).toEqual([]);
  });

  test('the description names the JSON pointer, never the value, and stays within 255 characters', () => {
    const { hear, sent } = peer();
    hear([2, 'id1', 'StatusNotification', { ...STATUS, connectorStatus: 'secret-value' }]);
    expect(sent[0]?.[3]).toContain('/connectorStatus');
    expect(sent[0]?.[3]).not.toContain('secret-value');
    hear([2, 'id2', 'StatusNotification', { ...STATUS, ['x'.repeat(1000)]: 1 }]);
    expect(String(sent[1]?.[3]).length).toBeLessThanOrEqual(255);
  });

  test('D1 a repeated id that is still being handled gets the same answer, once per asking', () => {
    const { hear, calls, sent, peer: own } = peer();
    hear([2, 'id1', 'Heartbeat', {}]);
    hear([2, 'id1', 'Heartbeat', {}]);
    expect(calls).toHaveLength(1);
    beat(calls);
    expect(sent).toEqual([
      [3, 'id1', { currentTime: '2026-01-01T00:00:00Z' }],
      [3, 'id1', { currentTime: '2026-01-01T00:00:00Z' }],
    ]);
    expect(own.counters.repeatedIds).toBe(1);
  });

  test('D1 an id that comes again after its answer is handled again', () => {
    const { hear, calls, sent } = peer();
    hear([2, 'id1', 'Heartbeat', {}]);
    beat(calls);
    hear([2, 'id1', 'Heartbeat', {}]);
    beat(calls, 1);
    expect(sent).toHaveLength(2);
  });

  test('a peer that asks sixteen things at once is not read any further until one is answered', () => {
    const { hear, calls, state } = peer();
    for (let i = 0; i < 16; i += 1) hear([2, `id${i}`, 'Heartbeat', {}]);
    expect(state.paused).toBe(true);
    beat(calls);
    expect(state.paused).toBe(false);
  });

  test('an invalid CALL is answered when whoever keeps it says so (D3)', () => {
    const kept: InvalidCall[] = [];
    const { hear, sent } = peer({ invalidCall: (call) => kept.push(call) });
    hear([2, 'id1', 'TransactionEvent', { seqNo: 1 }]);
    expect(sent).toEqual([]);
    kept[0]?.answer();
    expect(sent[0]?.slice(0, 3)).toEqual([4, 'id1', 'OccurrenceConstraintViolation']);
  });

  test('a binary frame closes the link with 1003 (D3)', () => {
    const { binary, state } = peer();
    binary();
    expect(state.closed).toBe(1003);
  });

  test('SEND is never answered, good or bad (D3)', () => {
    const seen: string[] = [];
    const { hear, sent, peer: own } = peer({ send: (action) => seen.push(action) }, 'ocpp2.1');
    hear([6, 'id1', 'NotifyPeriodicEventStream', { id: 1, pending: 0, basetime: '2026-01-01T00:00:00Z', data: [{ t: 0, v: '1' }] }]);
    hear([6, 'id2', 'NotifyPeriodicEventStream', { nonsense: true }]);
    hear([6, 'id3', 'Unknown', {}]);
    expect(sent).toEqual([]);
    expect(seen).toEqual(['NotifyPeriodicEventStream']);
    expect(own.counters.invalid).toBe(2);
  });
});

describe('CALLs of ours', () => {
  test('GEN.FR.01 one at a time: the next one waits for the answer of the one before', async () => {
    const { peer: own, sent, hear } = peer();
    const first = own.call('Reset', { type: 'Immediate' });
    const second = own.call('ClearCache', {});
    expect(sent.map((frame) => frame[2])).toEqual(['Reset']);
    hear([3, sent[0]?.[1], { status: 'Accepted' }]);
    await first;
    expect(sent.map((frame) => frame[2])).toEqual(['Reset', 'ClearCache']);
    hear([3, sent[1]?.[1], { status: 'Accepted' }]);
    expect(await second).toEqual({ status: 'Accepted' });
  });

  test('D9 a person goes before a driver, a driver before an automation', () => {
    const { peer: own, sent, hear } = peer();
    for (const [action, priority] of [
      ['ClearCache', 'person'],
      ['GetLocalListVersion', 'automation'],
      ['ClearCache', 'driver'],
      ['Reset', 'person'],
    ] as const) {
      own.callUnknown(action, action === 'Reset' ? { type: 'OnIdle' } : {}, { priority }).catch(() => undefined);
    }
    for (let i = 0; i < 3; i += 1)
      hear([3, sent.at(-1)?.[1], sent.at(-1)?.[2] === 'GetLocalListVersion' ? { versionNumber: 1 } : { status: 'Accepted' }]);
    expect(sent.map((frame) => frame[2])).toEqual(['ClearCache', 'Reset', 'ClearCache', 'GetLocalListVersion']);
  });

  test('GEN.FR.01 no answer in time: the next one goes, and a late answer is only counted', async () => {
    const { peer: own, sent, hear, clock } = peer();
    const first = own.call('Reset', { type: 'Immediate' });
    const failed = first.catch((error: unknown) => error);
    own.call('ClearCache', {}).catch(() => undefined);
    await clock.advance(30_000);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(sent.map((frame) => frame[2])).toEqual(['Reset', 'ClearCache']);
    hear([3, sent[0]?.[1], { status: 'Accepted' }]);
    hear([3, 'never-asked', {}]);
    expect(own.counters).toMatchObject({ lateAnswers: 1, unsolicitedAnswers: 1 });
  });

  test('a CALLERROR of the other side rejects with its code', async () => {
    const { peer: own, sent, hear } = peer();
    const call = own.call('Reset', { type: 'Immediate' });
    hear([4, sent[0]?.[1], 'NotSupported', 'no', {}]);
    await expect(call).rejects.toThrow(RpcError);
    await expect(call).rejects.toMatchObject({ code: 'NotSupported' });
  });

  test('an answer that fails its schema rejects; 2.1 tells the other side by CALLRESULTERROR, 2.0.1 cannot', async () => {
    const [old, young] = [peer(), peer({}, 'ocpp2.1')];
    for (const { peer: own, sent, hear } of [old, young]) {
      const call = own.call('Reset', { type: 'Immediate' });
      hear([3, sent[0]?.[1], { status: 'Perhaps' }]);
      await expect(call).rejects.toMatchObject({ kind: 'invalidResponse' });
    }
    expect(old.sent).toHaveLength(1);
    expect(young.sent[1]?.slice(0, 3)).toEqual([5, young.sent[0]?.[1], 'PropertyConstraintViolation']);
  });

  test('the link closes: what was written may have been acted on, what was not was not', async () => {
    const { peer: own, drop } = peer();
    const written = own.call('Reset', { type: 'Immediate' }).catch((error: unknown) => error);
    const waiting = own.call('ClearCache', {}).catch((error: unknown) => error);
    drop();
    expect(await written).toMatchObject({ kind: 'connectionLost' });
    expect(await waiting).toMatchObject({ kind: 'notSent' });
    await expect(own.call('ClearCache', {})).rejects.toMatchObject({ kind: 'notSent' });
  });

  test('T6 a CALL of ours goes out while one of theirs is open, and the other way round', () => {
    const { peer: own, hear, sent, calls } = peer();
    hear([2, 'id1', 'Heartbeat', {}]);
    own.call('ClearCache', {}).catch(() => undefined);
    expect(sent[0]?.[2]).toBe('ClearCache');
    hear([2, 'id2', 'Heartbeat', {}]);
    beat(calls, 1);
    beat(calls, 0);
    expect(sent.slice(1).map((frame) => frame[1])).toEqual(['id2', 'id1']);
  });

  test('what the version cannot say is refused before anything is sent (D4)', async () => {
    const { peer: own, sent } = peer();
    await expect(own.callUnknown('BatterySwap', {})).rejects.toThrow(CallFailure);
    await expect(
      own.call('RequestStartTransaction', { remoteStartId: 1, idToken: { idToken: 'x', type: 'MyOwnType' } }),
    ).rejects.toMatchObject({ kind: 'notInVersion' });
    expect(sent).toEqual([]);
  });
});
