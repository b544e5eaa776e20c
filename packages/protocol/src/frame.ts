import { limits } from '@busbar/runtime';
import type { RpcErrorCode } from './rpc-error.ts';
import type { OcppVersion } from './versions.ts';

/** One OCPP-J message (Part 4, chapter 4.2; 2.1 adds CALLRESULTERROR and SEND). */
export type Frame =
  | { readonly type: 'call'; readonly id: string; readonly action: string; readonly payload: unknown }
  | { readonly type: 'result'; readonly id: string; readonly payload: unknown }
  | { readonly type: 'error'; readonly id: string; readonly code: string; readonly description: string; readonly details: unknown }
  | { readonly type: 'resultError'; readonly id: string; readonly code: string; readonly description: string; readonly details: unknown }
  | { readonly type: 'send'; readonly id: string; readonly action: string; readonly payload: unknown };

/** A frame that is none. `answer` is what a CALLERROR has to say, or undefined where one must not be sent. */
export interface BrokenFrame {
  readonly type: 'broken';
  readonly reason: string;
  readonly answer: { readonly id: string; readonly code: RpcErrorCode } | undefined;
  /** The id of the CALL of ours that this broken answer was meant for. */
  readonly answersId?: string;
}

const [CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND] = [2, 3, 4, 5, 6];
/** The id of an answer to something whose own id cannot be read (D3). */
export const UNREADABLE_ID = '-1';

/** Reads one text frame. Never throws; what is wrong comes back as `broken` with the right code (D3). */
export function parseFrame(text: string, version: OcppVersion): Frame | BrokenFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken('not JSON', UNREADABLE_ID);
  }
  if (!Array.isArray(value)) return broken('not an array', UNREADABLE_ID);
  const parts: readonly unknown[] = value;
  const [type, id] = parts;
  const readable = typeof id === 'string' && id.length > 0 && id.length <= limits.messageIdLength;
  const answerId = readable ? id : UNREADABLE_ID;
  if (typeof type !== 'number' || !Number.isInteger(type)) return broken('the message type is not a whole number', answerId);
  // A CALLERROR with the id of an answer would look like an answer to a CALL of the other side: answers are never answered so.
  const isAnswer = type === CALLRESULT || type === CALLERROR || type === CALLRESULTERROR;
  const silent = isAnswer || (type === SEND && version === 'ocpp2.1');
  const fail = (reason: string): BrokenFrame =>
    silent ? { type: 'broken', reason, answer: undefined, ...(readable && isAnswer ? { answersId: id } : {}) } : broken(reason, answerId);
  if (type < CALL || type > SEND || (version === 'ocpp2.0.1' && type > CALLERROR)) {
    if (version === 'ocpp2.1') return { type: 'broken', reason: `message type ${type} is unknown`, answer: undefined }; // 2.1 Part 4: ignored
    return { type: 'broken', reason: `message type ${type} is unknown`, answer: { id: answerId, code: 'MessageTypeNotSupported' } };
  }
  if (!readable) return fail('the message id is not a string of 1 to 36 characters');
  if (opens(text) > limits.jsonDepth && tooDeep(parts, limits.jsonDepth)) return fail(`nested deeper than ${limits.jsonDepth}`);
  return wellFormed(type, id, parts) ?? fail('wrong number or kind of elements');
}

function wellFormed(type: number, id: string, parts: readonly unknown[]): Frame | undefined {
  const [, , third, fourth, fifth] = parts;
  switch (type) {
    case CALL:
    case SEND:
      return parts.length === 4 && typeof third === 'string'
        ? { type: type === CALL ? 'call' : 'send', id, action: third, payload: fourth }
        : undefined;
    case CALLRESULT:
      return parts.length === 3 ? { type: 'result', id, payload: third } : undefined;
    default: {
      if (parts.length !== 5 || typeof third !== 'string' || typeof fourth !== 'string') return undefined;
      return { type: type === CALLERROR ? 'error' : 'resultError', id, code: third, description: fourth, details: fifth };
    }
  }
}

function broken(reason: string, id: string): BrokenFrame {
  return { type: 'broken', reason, answer: { id, code: 'RpcFrameworkError' } };
}

/** How many objects and lists begin in a text, or seem to: it cannot be nested deeper, and most are never walked. */
function opens(text: string): number {
  let count = 0;
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) count += 1;
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) count += 1;
  return count;
}

function tooDeep(value: object, left: number): boolean {
  if (left === 0) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const one of inner) if (typeof one === 'object' && one !== null && tooDeep(one, left - 1)) return true;
  return false;
}

export const printCall = (id: string, action: string, payload: unknown): string => JSON.stringify([CALL, id, action, payload]);
export const printResult = (id: string, payload: unknown): string => JSON.stringify([CALLRESULT, id, payload]);
export const printError = (id: string, code: string, description: string, details: unknown): string =>
  JSON.stringify([CALLERROR, id, code, description, details]);
export const printResultError = (id: string, code: string, description: string, details: unknown): string =>
  JSON.stringify([CALLRESULTERROR, id, code, description, details]);
export const printSend = (id: string, action: string, payload: unknown): string => JSON.stringify([SEND, id, action, payload]);
