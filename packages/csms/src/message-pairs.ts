import {
  type Action,
  blockOf,
  type Direction,
  existsIn,
  isAction,
  loadRules,
  mayComeFrom,
  type OcppVersion,
  parseFrame,
  useCasesOf,
  type VersionRules,
} from '@busbar/protocol';
import { formatInstant, type Instant, limits } from '@busbar/runtime';
import type { MessageFilter } from './message-log.ts';

/** A frame of whatever origin: of our log, or of a file that somebody looks at. */
export interface LooseFrame {
  readonly at: Instant | null;
  readonly stationId: string | null;
  readonly direction: Direction;
  readonly text: string;
}

export interface Violation {
  readonly of: 'call' | 'answer';
  readonly code: string;
  readonly detail: string;
}

/** A CALL with its answer; `call` is null where an answer came to nothing that is known. */
export interface MessagePair {
  readonly at: string | null;
  readonly stationId: string | null;
  /** Of the CALL. */
  readonly direction: Direction;
  readonly messageId: string | null;
  readonly action: string | null;
  /** Letter of the functional block, and use cases the action belongs to. */
  readonly block: string | null;
  readonly useCases: readonly string[];
  readonly call: string | null;
  readonly answer: string | null;
  readonly answeredAt: string | null;
  readonly latencyMs: number | null;
  readonly error: { readonly code: string; readonly description: string } | null;
  /** What our validators say about either frame. */
  readonly violations: readonly Violation[];
}

interface Half {
  readonly call: LooseFrame | undefined;
  answer: LooseFrame | undefined;
}

const TYPE = /^\s*\[\s*(\d)\s*,\s*"([^"]*)"/;
const headOf = ({ text }: LooseFrame): { calls: boolean; id: string | undefined; silent: boolean } => {
  const [, type, id] = TYPE.exec(text) ?? [];
  return { calls: type === undefined || type === '2' || type === '6', id, silent: type === undefined || type === '6' };
};
const other = (direction: Direction): Direction => (direction === 'in' ? 'out' : 'in');

/** Joins CALLs with answers, frames oldest first. An answer belongs to the last unanswered CALL of the other direction under its id. */
export function joined(frames: readonly LooseFrame[]): readonly Half[] {
  const halves: Half[] = [];
  const open = new Map<string, Half>();
  for (const frame of frames) {
    const { calls, id, silent } = headOf(frame);
    if (calls) {
      const half: Half = { call: frame, answer: undefined };
      halves.push(half);
      if (!silent) open.set(`${frame.stationId} ${frame.direction} ${id}`, half);
      continue;
    }
    const key = `${frame.stationId} ${other(frame.direction)} ${id}`;
    const half = open.get(key);
    open.delete(key);
    if (half === undefined) halves.push({ call: undefined, answer: frame });
    else half.answer = frame;
  }
  return halves;
}

type Find = (filter: MessageFilter) => Promise<readonly (LooseFrame & { readonly at: Instant; readonly stationId: string })[]>;

/**
 * The other half of what was cut off at the edge of a page is looked up, for some of them: each look-up may unpack blocks.
 * An answer whose CALL is found belongs to the page of that CALL.
 */
export async function completed(halves: readonly Half[], find: Find): Promise<readonly Half[]> {
  const out: Half[] = [];
  let lookups = 0;
  for (const half of halves) {
    const { call, answer } = half;
    const frame = call ?? answer;
    const { id, silent } = frame === undefined ? { id: undefined, silent: true } : headOf(frame);
    const whole = (call !== undefined && answer !== undefined) || silent || id === undefined;
    if (whole || frame?.at == null || frame.stationId === null || lookups >= limits.pairLookups) {
      out.push(half);
      continue;
    }
    lookups += 1;
    const span =
      call === undefined
        ? { since: frame.at - limits.pairMs, before: frame.at + 1 }
        : { since: frame.at, before: frame.at + limits.pairMs };
    const found = await find({ stationId: frame.stationId, messageId: id, limit: 10, ...span });
    const match = found.find((one) => one.direction === other(frame.direction) && headOf(one).calls === (call === undefined));
    if (call !== undefined) out.push({ call, answer: match });
    else if (match === undefined) out.push(half);
  }
  return out;
}

/** Which version a station speaks; undefined = whichever knows the action. */
export type VersionOf = (stationId: string | null) => OcppVersion | undefined;

/** A CALL that nothing came to. SEND (2.1) has no answer. */
export const isUnanswered = ({ call, answer }: Half): boolean =>
  call !== undefined && answer === undefined && !/^\s*\[\s*6/.test(call.text);

export async function pairView({ call, answer }: Half, versionOf: VersionOf): Promise<MessagePair> {
  const frame = call ?? answer;
  const stationId = frame?.stationId ?? null;
  const action = call === undefined ? undefined : /^\s*\[\s*[26]\s*,\s*"[^"]*"\s*,\s*"([^"]{1,50})"/.exec(call.text)?.[1];
  const known = action !== undefined && isAction(action) ? action : undefined;
  const rules = await loadRules(versionOf(stationId) ?? versionFor(known));
  const read = answer === undefined ? undefined : parseFrame(answer.text, rules.version);
  const error = read?.type === 'error' || read?.type === 'resultError' ? { code: read.code, description: read.description } : null;
  const direction = call?.direction ?? (answer === undefined ? 'in' : other(answer.direction));
  return {
    at: timeOf(frame?.at),
    stationId,
    direction,
    messageId: frame === undefined ? null : (headOf(frame).id ?? null),
    action: action ?? null,
    block: known === undefined ? null : blockOf(known).letter,
    useCases: known === undefined ? [] : useCasesOf(known),
    call: call?.text ?? null,
    answer: answer?.text ?? null,
    answeredAt: timeOf(answer?.at),
    latencyMs: call?.at == null || answer?.at == null ? null : answer.at - call.at,
    error,
    violations: [
      ...(call === undefined ? [] : faultsOf(call, direction, rules)),
      ...(answer === undefined ? [] : answerFaults(answer, known, rules)),
    ],
  };
}

const timeOf = (at: Instant | null | undefined): string | null => (at === null || at === undefined ? null : formatInstant(at));
const versionFor = (action: Action | undefined): OcppVersion =>
  action === undefined || existsIn(action, 'ocpp2.0.1') ? 'ocpp2.0.1' : 'ocpp2.1';

function faultsOf(call: LooseFrame, direction: Direction, rules: VersionRules): readonly Violation[] {
  const frame = parseFrame(call.text, rules.version);
  if (frame.type === 'broken') return [{ of: 'call', code: frame.answer?.code ?? 'RpcFrameworkError', detail: frame.reason }];
  if (frame.type !== 'call') return []; // SEND is judged by its receiver alone
  if (!isAction(frame.action)) return [{ of: 'call', code: 'NotImplemented', detail: `${frame.action} is no action of OCPP` }];
  const side = direction === 'in' ? 'station' : 'csms';
  if (!mayComeFrom(frame.action, side))
    return [{ of: 'call', code: 'NotSupported', detail: `${frame.action} is not sent by a ${side === 'csms' ? 'CSMS' : side}` }];
  const fault = requestFault(rules, frame.action, frame.payload);
  return fault === undefined ? [] : [{ of: 'call', code: fault.code, detail: fault.message }];
}

function answerFaults(answer: LooseFrame, action: string | undefined, rules: VersionRules): readonly Violation[] {
  const frame = parseFrame(answer.text, rules.version);
  if (frame.type === 'broken') return [{ of: 'answer', code: 'RpcFrameworkError', detail: frame.reason }];
  if (frame.type !== 'result' || action === undefined || !isAction(action) || !existsIn(action, rules.version)) return [];
  const fault = rules.responseFault(action, frame.payload);
  return fault === undefined ? [] : [{ of: 'answer', code: fault.code, detail: fault.message }];
}

function requestFault(rules: VersionRules, action: string, payload: unknown): { code: string; message: string } | undefined {
  if (!isAction(action)) return undefined;
  if (!existsIn(action, rules.version)) return { code: 'NotImplemented', message: `${action} does not exist in ${rules.version}` };
  return rules.requestFault(action, payload);
}
