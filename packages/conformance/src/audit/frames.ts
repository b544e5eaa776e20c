import { type Action, isAction, type VersionRules } from '@busbar/protocol';
import { isRecord } from '../field.ts';
import type { TraceEntry } from '../trace.ts';

/** A frame of a trace taken apart; the audit reads and writes frames without any check. */
export type Parts =
  | { readonly type: 'call'; readonly id: string; readonly action: string; readonly payload: unknown }
  | { readonly type: 'result'; readonly id: string; readonly payload: unknown }
  | { readonly type: 'error'; readonly id: string; readonly code: unknown };

/** Undefined for what is no frame. */
export function partsOf(text: string): Parts | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(frame)) return undefined;
  const [type, id, third, fourth]: unknown[] = frame;
  if (typeof id !== 'string') return undefined;
  if (type === 2 && typeof third === 'string') return { type: 'call', id, action: third, payload: fourth };
  if (type === 3) return { type: 'result', id, payload: third };
  if (type === 4) return { type: 'error', id, code: third };
  return undefined;
}

export const callText = (id: string, action: string, payload: unknown): string => JSON.stringify([2, id, action, payload]);
export const resultText = (id: string, payload: unknown): string => JSON.stringify([3, id, payload]);
export const errorText = (id: string, code = 'InternalError'): string => JSON.stringify([4, id, code, 'broken on purpose', {}]);

/** The action that every frame of the trace is about, by its entry: a CALLRESULT names none. */
export function actionsOf(entries: readonly TraceEntry[]): ReadonlyMap<number, Action> {
  const asked = new Map<string, Action>();
  const actions = new Map<number, Action>();
  for (const [number, entry] of entries.entries()) {
    if (entry.kind !== 'frame') continue;
    const parts = partsOf(entry.text);
    if (parts?.type === 'call' && isAction(parts.action)) {
      asked.set(`${entry.link} ${entry.by} ${parts.id}`, parts.action);
      actions.set(number, parts.action);
    } else if (parts) {
      const action = asked.get(`${entry.link} ${entry.by === 'sut' ? 'tool' : 'sut'} ${parts.id}`);
      if (action) actions.set(number, action);
    }
  }
  return actions;
}

/** Whether the payload still fits its schema: a mutation that breaks it would be caught by the schema, not by the case. */
export function fitsSchema(rules: VersionRules, action: Action | undefined, type: 'call' | 'result', payload: unknown): boolean {
  if (action === undefined) return true;
  return (type === 'call' ? rules.requestFault(action, payload) : rules.responseFault(action, payload)) === undefined;
}

/** A copy with another value at the path; `undefined` removes it. Undefined when there is no such place. */
export function replaced(value: unknown, path: string, by: unknown): unknown {
  if (path === '') return by;
  const [key = '', ...rest] = path.split('.');
  if (Array.isArray(value)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index > value.length) return undefined;
    const copy: unknown[] = [...value];
    if (rest.length > 0) {
      const inner = replaced(copy[index], rest.join('.'), by);
      if (inner === undefined) return undefined;
      copy[index] = inner;
    } else if (by === undefined) copy.splice(index, 1);
    else copy[index] = by;
    return copy;
  }
  if (!isRecord(value)) return undefined;
  const { [key]: old, ...others } = value;
  if (rest.length > 0) {
    const inner = replaced(old ?? (by === undefined ? undefined : {}), rest.join('.'), by);
    return inner === undefined ? undefined : { ...value, [key]: inner };
  }
  return by === undefined ? others : { ...value, [key]: by };
}
