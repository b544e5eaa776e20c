import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpCsms } from './testing/http-csms.ts';

let csms: HttpCsms;
const say = (stationId: string, direction: 'in' | 'out', text: string) => csms.csms.kernel.messages.record(stationId, direction, text);
beforeAll(async () => {
  csms = await HttpCsms.start();
  for (const id of ['CS-1', 'CS-2']) await csms.api('POST', '/stations', { id });
  say('CS-1', 'in', '[2,"a","Heartbeat",{}]');
  say('CS-1', 'out', '[3,"a",{"currentTime":"2030-01-01T00:00:00Z"}]');
  say('CS-1', 'out', '[2,"b","Reset",{"type":"Softly"}]');
  say('CS-1', 'in', '[4,"b","FormatViolation","what is Softly",{}]');
  say(
    'CS-2',
    'in',
    '[2,"a","StatusNotification",{"timestamp":"2030-01-01T00:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}]',
  );
  say('CS-2', 'out', '[3,"a",{"extra":1}]');
  say('CS-2', 'in', '[2,"c","Reset",{"type":"OnIdle"}]');
  say('CS-2', 'in', '[3,"zzz",{}]');
});
afterAll(() => csms.close());

const pairs = async (query: string) => (await csms.api('GET', `/messages?view=pairs&${query}`)).body;

test('a CALL stands with its answer, latency, block, and what our validators say about either', async () => {
  const all = await pairs('');
  expect(all).toHaveLength(5);
  expect(all.find(({ action }: { action: string }) => action === 'Heartbeat')).toMatchObject({
    stationId: 'CS-1',
    direction: 'in',
    messageId: 'a',
    block: 'G',
    useCases: ['G02'],
    error: null,
    violations: [],
  });
  const [reset] = await pairs('action=Reset&direction=out');
  expect(reset).toMatchObject({
    block: 'B',
    error: { code: 'FormatViolation', description: 'what is Softly' },
    violations: [{ of: 'call', code: 'PropertyConstraintViolation' }],
  });
  expect(reset.latencyMs).toBeGreaterThanOrEqual(0);
  expect(await pairs('stationId=CS-2&action=StatusNotification')).toMatchObject([
    { violations: [{ of: 'answer', code: 'OccurrenceConstraintViolation' }] },
  ]);
  expect(await pairs('stationId=CS-2&action=Reset')).toMatchObject([{ answer: null, violations: [{ of: 'call', code: 'NotSupported' }] }]);
  expect(await pairs('messageId=zzz')).toMatchObject([{ call: null, action: null, answer: '[3,"zzz",{}]' }]);
});

test('searched by text, direction and errors; either half is enough', async () => {
  expect(await pairs('q=SOFTLY')).toHaveLength(1);
  expect(await pairs('q=currentTime')).toMatchObject([{ action: 'Heartbeat' }]);
  expect(await pairs('errors=true')).toMatchObject([{ action: 'Reset', stationId: 'CS-1' }]);
  expect((await pairs('direction=out')).map(({ action }: { action: string }) => action)).toEqual(['Reset']);
  expect((await csms.api('GET', '/messages?direction=out')).body).toHaveLength(3);
});

test('pages of frames lose none of the same millisecond; pairs cut by an edge are whole all the same', async () => {
  expect((await csms.all('/messages?limit=1')).map(({ frame }) => frame)).toEqual(
    (await csms.api('GET', '/messages')).body.map(({ frame }: { frame: string }) => frame),
  );
  const cut = await csms.all('/messages?view=pairs&limit=1');
  expect(cut).toHaveLength(5);
  expect(cut.filter(({ action, answer }) => action === 'Heartbeat' && answer !== null)).toHaveLength(1);
});

test('exported as lines and brought back the view is the same', async () => {
  const exported = await csms.api('GET', '/messages?format=jsonl');
  expect(exported.headers['content-type']).toContain('application/x-ndjson');
  const lines = exported.text.trimEnd().split('\n').toReversed().join('\n');
  const { body } = await csms.api('POST', '/messages/import', lines, { 'content-type': 'application/x-ndjson' });
  expect(body.toReversed()).toEqual(await pairs(''));
});

describe('what somebody brings', () => {
  const bring = (text: string, query = '') =>
    csms.api('POST', `/messages/import${query}`, text, { 'content-type': 'application/x-ndjson' });

  test('bare frames: who sent them is told by the action', async () => {
    expect((await bring('[2,"2","Heartbeat",{}]\nnot even')).body).toMatchObject({ code: 'invalid-request', pointer: '/1' });
    const good = await bring(
      '[2,"1","Reset",{"type":"OnIdle"}]\r\n\n[3,"1",{"status":"Accepted"}]\n[2,"2","Heartbeat",{"x":1}]\n[2,"3","Nonsense",{}]',
    );
    expect(good.body).toMatchObject([
      { at: null, stationId: null, direction: 'out', action: 'Reset', answer: '[3,"1",{"status":"Accepted"}]', violations: [] },
      { direction: 'in', action: 'Heartbeat', answer: null, violations: [{ code: 'OccurrenceConstraintViolation' }] },
      { action: 'Nonsense', violations: [{ code: 'NotImplemented' }] },
    ]);
  });

  test('an export is newest first: it is read from its end', async () => {
    const line = (at: string, direction: string, frame: string) => JSON.stringify({ at, stationId: 'CS-9', direction, frame });
    const text = [
      line('2030-01-01T00:00:01Z', 'out', '[3,"1",{"currentTime":"2030-01-01T00:00:00Z"}]'),
      line('2030-01-01T00:00:00Z', 'in', '[2,"1","Heartbeat",{}]'),
    ];
    expect((await bring(text.join('\n'))).body).toMatchObject([{ stationId: 'CS-9', latencyMs: 1000, violations: [] }]);
  });

  test('the version may be said', async () => {
    const frame = '[2,"1","GetTariffs",{"evseId":1}]';
    expect((await bring(frame)).body).toMatchObject([{ violations: [] }]);
    expect((await bring(frame, '?version=ocpp2.0.1')).body).toMatchObject([{ violations: [{ code: 'NotImplemented' }] }]);
  });

  test.each([
    ['no line of ours', '{"at":"2030-01-01T00:00:00Z"}', 422],
    ['prose', 'hello', 422],
    ['too many lines', '\n'.repeat(20_001), 413],
  ])('%s is refused', async (_what, text, status) => {
    expect((await bring(text)).status).toBe(status);
  });

  test('broken frames and depth are shown, not thrown', async () => {
    const deep = `[2,"9","DataTransfer",{"vendorId":"v","data":${'['.repeat(60)}${']'.repeat(60)}}]`;
    expect((await bring(`[2,"x"\n[9]\n${deep}`)).body.map(({ violations }: { violations: object[] }) => violations.length)).toEqual([
      1, 1, 1,
    ]);
  });
});

test('only what breaks a schema, or what got no answer, from as far back as one goes', async () => {
  expect((await pairs('only=violations')).map(({ action }: { action: string }) => action)).toEqual([
    'Reset',
    'StatusNotification',
    'Reset',
  ]);
  expect(await pairs('only=unanswered')).toMatchObject([{ stationId: 'CS-2', action: 'Reset' }]);
  for (let n = 0; n < 450; n += 1) say('CS-3', 'in', `[2,"h${n}","Heartbeat",{}]`);
  const broken = await csms.api('GET', '/messages?view=pairs&only=violations&limit=3');
  expect(broken.body).toHaveLength(3);
});
