import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Headers, KEY, TestHttp } from './testing/test-http.ts';

let http: TestHttp;
const opened: IncomingMessage[] = [];
const AS_KEY = { authorization: `Bearer ${KEY}` };

beforeAll(async () => {
  http = await TestHttp.start();
  await http.server.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const answer of opened) answer.destroy();
  await http.close();
});

interface Told {
  readonly event: string;
  readonly data: string;
}

/** A follower of these topics; `next` waits for the next event of a name. */
async function follow(query: string, as: Headers = AS_KEY) {
  const address = http.server.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: `/api/v1/events${query}`, headers: as }, resolve)
      .on('error', reject)
      .end();
  });
  opened.push(answer);
  let text = '';
  let heard = Promise.withResolvers<void>();
  answer.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    heard.resolve();
    heard = Promise.withResolvers<void>();
  });
  const told = (): Told[] => [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event = '', data = '']) => ({ event, data }));
  let taken = 0;
  const next = async (wanted: string): Promise<Told> => {
    for (;;) {
      const found = told()
        .slice(taken)
        .findIndex(({ event }) => event === wanted);
      if (found >= 0) {
        taken += found + 1;
        return told()[taken - 1] ?? { event: '', data: '' };
      }
      await heard.promise;
    }
  };
  while (!text.includes('welcome')) await heard.promise;
  return { next, told };
}

const status = (id: string, connectorStatus: 'Available' | 'Faulted') => {
  const { queue, stations } = http.csms.kernel;
  const station = stations.get(id)?.record.row ?? 0;
  return queue.commit([{ k: 'status', station, evse: 1, connector: 1, status: connectorStatus, at: 1_800_000_000_000, epoch: 0 }]);
};

describe('topics', () => {
  test('fleet tells whole lines of what changed', async () => {
    const { next } = await follow('?topics=fleet');
    await status('S1', 'Available');
    const { data } = await next('fleet');
    const { rows }: { rows: { id: string; connectors: { evseId: number }[] }[] } = JSON.parse(data);
    expect(rows.map(({ id, connectors }) => [id, connectors.length])).toEqual([['S1', 1]]);
  });

  test('incidents come at once, and again when they are others', async () => {
    const { next } = await follow('?topics=incidents');
    expect((await next('incidents')).data).toBe('[]');
    http.csms.kernel.stations.refused({
      at: http.clock.now(),
      stationId: 'S1',
      remoteAddress: '10.0.0.9',
      status: 401,
      reason: 'wrong password (A00.FR.205)',
    });
    expect(JSON.parse((await next('incidents')).data)).toMatchObject([
      { code: 'handshakeRefused', stations: ['S1'], suggestion: 'setPassword' },
    ]);
  });

  test('a kind of event comes alone, without the views', async () => {
    const { next, told } = await follow('?topics=connector');
    await status('S2', 'Faulted');
    expect(JSON.parse((await next('connector')).data)).toMatchObject({ stationId: 'S2', status: 'Faulted' });
    expect(new Set(told().map(({ event }) => event))).toEqual(new Set(['connector']));
  });

  test('messages tells whose frames are new, once for all of a second', async () => {
    const { next, told } = await follow('?topics=messages');
    const ofOne = await follow('?topics=messages&stationId=S2');
    const { messages } = http.csms.kernel;
    for (const stationId of ['S1', 'S2', 'S1']) messages.record(stationId, 'in', '[2,"1","Heartbeat",{}]');
    expect(JSON.parse((await next('messages')).data)).toEqual({ stationIds: ['S1', 'S2'] });
    expect(JSON.parse((await ofOne.next('messages')).data)).toEqual({ stationIds: ['S2'] });
    for (let n = 0; n < 21; n += 1) messages.record(`M${n}`, 'in', '[2,"1","Heartbeat",{}]');
    expect(JSON.parse((await next('messages')).data)).toEqual({ stationIds: null });
    expect(told()).toHaveLength(2);
  });

  test('somebody of one site hears of no other, in no topic', async () => {
    const { as } = await http.person('south', 'viewer', [2]);
    const { next, told } = await follow('?topics=fleet,incidents,connector,messages', as);
    http.csms.kernel.messages.record('S1', 'in', '[2,"1","Heartbeat",{}]');
    http.csms.kernel.messages.record('S2', 'in', '[2,"1","Heartbeat",{}]');
    await status('S1', 'Available');
    await status('S2', 'Available');
    const { data } = await next('fleet');
    expect(JSON.parse(data).rows.map(({ id }: { id: string }) => id)).toEqual(['S2']);
    expect(JSON.parse((await next('messages')).data)).toEqual({ stationIds: ['S2'] });
    expect(told().some(({ data: said }) => said.includes('S1'))).toBe(false);
  });
});
