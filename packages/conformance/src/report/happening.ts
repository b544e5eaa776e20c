import { maskFrame } from '@busbar/protocol';
import { partsOf } from '../frames.ts';
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

/** `action`: what a frame is about (actionsOf). */
export function said(entry: TraceEntry, action?: string): Said {
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
      return { what: frameName(entry.text, action), text: maskFrame(entry.text) };
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

function frameName(text: string, action: string | undefined): string {
  const of = action === undefined ? '' : ` ${action}`;
  switch (partsOf(text)?.type) {
    case 'call':
      return `CALL${of}`;
    case 'result':
      return `CALLRESULT${of}`;
    case 'error':
      return `CALLERROR${of}`;
    case undefined:
      return 'frame';
  }
}
