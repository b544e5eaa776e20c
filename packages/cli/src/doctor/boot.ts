import { randomUUID } from 'node:crypto';
import { isOcppVersion, type OcppVersion, parseFrame, printCall, printError } from '@busbar/protocol';
import { parseInstant, type Socket } from '@busbar/runtime';
import type { Found } from './reach.ts';
import { StepFailed } from './report.ts';

export interface BootIdentity {
  readonly model: string;
  readonly vendorName: string;
  readonly serialNumber?: string;
}

/** Step 8: one BootNotification, then goodbye. What the CSMS asks meanwhile is answered NotSupported. */
export async function boot(socket: Socket, identity: BootIdentity, timeoutMs: number): Promise<Found> {
  const version = socket.subprotocol;
  if (!isOcppVersion(version)) return { text: `no BootNotification is sent over ${version}`, careful: true };
  const from = performance.now();
  const answer = bootAnswer(await ask(socket, version, identity, timeoutMs));
  const ms = Math.round(performance.now() - from);
  const { status, interval, currentTime } = answer;
  const detail = `interval ${interval} s, ${ms} ms${skew(currentTime)}`;
  if (status === 'Accepted') return { text: `Accepted, ${detail}` };
  if (status === 'Pending') return { text: `Pending, ${detail}: the CSMS wants to look at the station or approve it first`, careful: true };
  throw new StepFailed(`${status}, ${detail}`, {
    verdict: 'The link works. The CSMS rejects the station.',
    lines: [
      ['do', 'accept or approve the station in the CSMS'],
      ['clause', 'B03'],
    ],
  });
}

interface BootAnswer {
  readonly status: string;
  readonly interval: number;
  readonly currentTime: string;
}

function ask(socket: Socket, version: OcppVersion, identity: BootIdentity, timeoutMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const id = randomUUID();
  const timer = setTimeout(() => reject(silence(timeoutMs)), timeoutMs);
  const done = (): void => {
    clearTimeout(timer);
    socket.close(1000, 'the doctor has seen enough');
  };
  socket.handle({
    text(data) {
      const frame = parseFrame(data, version);
      if (frame.type === 'call') socket.send(printError(frame.id, 'NotSupported', 'only the doctor is here', {}));
      if (frame.type === 'broken' || frame.id !== id) return;
      if (frame.type === 'result') resolve(frame.payload);
      if (frame.type === 'error') reject(refused(frame.code, frame.description));
    },
    binary: () => undefined,
    alive: () => undefined,
    closed: (code, reason) => reject(hungUp(code, reason)),
  });
  socket.send(printCall(id, 'BootNotification', { reason: 'Unknown', chargingStation: { ...identity } }));
  return promise.finally(done);
}

function bootAnswer(payload: unknown): BootAnswer {
  const fields: Record<string, unknown> = typeof payload === 'object' && payload !== null ? { ...payload } : {};
  const { status, interval, currentTime } = fields;
  if (typeof status === 'string' && typeof interval === 'number' && typeof currentTime === 'string')
    return { status, interval, currentTime };
  throw new StepFailed('the answer is not a BootNotificationResponse', {
    verdict: 'The server answers, but not as OCPP says.',
    lines: [['seen', JSON.stringify(payload).slice(0, 200)]],
  });
}

/** From 5 s on it is worth a word. */
function skew(currentTime: string): string {
  const aheadS = (Date.now() - parseInstant(currentTime)) / 1000;
  return Math.abs(aheadS) < 5 ? '' : `, currentTime is ${Math.abs(aheadS).toFixed(0)} s ${aheadS > 0 ? 'behind' : 'ahead'}`;
}

const silence = (timeoutMs: number): StepFailed =>
  new StepFailed(`no answer in ${timeoutMs} ms`, {
    verdict: 'The server signs stations in, but does not answer them.',
    lines: [['do', 'look into the log of the CSMS']],
  });
const refused = (code: string, description: string): StepFailed =>
  new StepFailed(`CALLERROR ${code}`, {
    verdict: 'The server refuses the BootNotification.',
    lines: description === '' ? [] : [['seen', description.slice(0, 300)]],
  });
const hungUp = (code: number, reason: string): StepFailed =>
  new StepFailed(`closed by the server, code ${code}`, {
    verdict: 'The server closes the connection right after the sign-in.',
    lines: reason === '' ? [] : [['seen', reason]],
  });
