import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusbarError } from '@busbar/runtime';
import { answerLines } from '../part.ts';

export interface ApiLoad {
  readonly port: number;
  readonly key: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly ms: number;
}

const CONNECTIONS = 64;

/** Asks a REST API, a process of its own: what delays a browser or a bench beside it is not counted as the server's. */
export function apiPart(): void {
  answerLines('api', ask);
}

/** Requests at a steady rate, whether the ones before are answered or not. Milliseconds of each, from when it was due. */
async function ask({ port, key, paths, perSecond, ms }: ApiLoad): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers = { authorization: `Bearer ${key}` };
  const times: number[] = [];
  const one = (path: string, due: number): Promise<void> =>
    new Promise((resolve, reject) => {
      request({ port, path, agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode !== 200) return reject(new BusbarError('internal', `${path} answered ${answer.statusCode}`));
          times.push(performance.now() - due);
          return resolve();
        });
      })
        .once('error', reject)
        .end();
    });
  const all: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < (perSecond * ms) / 1000; ) {
    const due = began + (n * 1000) / perSecond;
    const now = performance.now();
    if (due > now) await sleep(due - now > 2 ? 1 : 0);
    else {
      all.push(one(paths[n % paths.length] ?? '', due));
      n += 1;
    }
  }
  await Promise.all(all);
  agent.destroy();
  return times;
}
