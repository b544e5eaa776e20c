import { maskFrame } from '@busbar/protocol';
import type { TraceEntry } from '../trace.ts';

/** Passwords, keys and credentials of the system under test do not belong into a report that people hand on. */
const SECRET = /^(?:password|key|authorization|secret)$/i;
const masked = (value: unknown): string =>
  JSON.stringify(value, (name, inner: unknown) => (SECRET.test(name) && typeof inner === 'string' ? '***' : inner)) ?? '';

/** What happened as a heading and, where something was said, its text. */
export interface Said {
  readonly what: string;
  readonly text: string;
}

export function said(entry: TraceEntry, actions: ReadonlyMap<string, string> = new Map()): Said {
  switch (entry.kind) {
    case 'dial':
      return { what: 'dials', text: `${entry.url} (${entry.how})` };
    case 'knock':
      return { what: `${entry.station} connects`, text: masked(entry.handshake) };
    case 'opened':
      return { what: 'link open', text: entry.subprotocol };
    case 'refused':
      return { what: 'refused', text: [entry.failure, entry.status ?? '', entry.reason].join(' ') };
    case 'frame':
      return { what: frameName(entry.text, actions), text: maskFrame(entry.text) };
    case 'closed':
      return { what: 'closes the link', text: `${entry.code} ${entry.reason}` };
    case 'ask':
      return { what: `asks: ${entry.what}`, text: masked(entry.question) };
    case 'reply':
      return { what: 'reply', text: masked(entry.answer) };
    case 'tlsFailed':
      return { what: 'TLS broke', text: entry.reason };
    case 'web':
      return { what: 'file request', text: masked(entry.request) };
  }
}

/** Actions by message id: an answer is named after what it answers. */
export function actionsOf(trace: readonly TraceEntry[]): ReadonlyMap<string, string> {
  return new Map(
    trace.flatMap((entry): [string, string][] => {
      const [type, id, action] = entry.kind === 'frame' ? partsOf(entry.text) : [];
      return type === 2 && typeof id === 'string' && typeof action === 'string' ? [[id, action]] : [];
    }),
  );
}

function frameName(text: string, actions: ReadonlyMap<string, string>): string {
  const [type, id, action] = partsOf(text);
  const answered = typeof id === 'string' ? actions.get(id) : undefined;
  const of = answered === undefined ? '' : ` ${answered}`;
  if (type === 2) return `CALL ${String(action)}`;
  if (type === 3) return `CALLRESULT${of}`;
  if (type === 4) return `CALLERROR${of}`;
  return 'frame';
}

function partsOf(text: string): readonly unknown[] {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? frame : [];
  } catch {
    return [];
  }
}
