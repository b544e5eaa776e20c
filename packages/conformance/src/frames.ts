import type { TraceEntry } from './trace.ts';

/** A frame of a trace taken apart, without any check. */
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
export function actionsOf(entries: readonly TraceEntry[]): ReadonlyMap<number, string> {
  const asked = new Map<string, string>();
  const actions = new Map<number, string>();
  for (const [number, entry] of entries.entries()) {
    if (entry.kind !== 'frame') continue;
    const parts = partsOf(entry.text);
    if (parts?.type === 'call') {
      asked.set(`${entry.link} ${entry.by} ${parts.id}`, parts.action);
      actions.set(number, parts.action);
    } else if (parts) {
      const action = asked.get(`${entry.link} ${entry.by === 'sut' ? 'tool' : 'sut'} ${parts.id}`);
      if (action) actions.set(number, action);
    }
  }
  return actions;
}
