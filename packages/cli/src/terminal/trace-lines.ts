import { type OcppVersion, parseFrame } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { TraceEvent } from '@busbar/station';
import { clockTime, type LineStyle } from './event-line.ts';
import { formatMessage } from './message-line.ts';

interface OpenCall {
  readonly at: Instant;
  readonly direction: 'out' | 'in';
  readonly action: string;
  readonly request: unknown;
}

/** CALLs whose answer has not come; more would be a peer that never answers. */
const MOST_OPEN = 64;
const INDENT = ' '.repeat(10);

/** A station's trace as lines: a message is told together with its answer, a decision below what led to it. */
export class TraceLines {
  readonly #style: LineStyle;
  readonly #open = new Map<string, OpenCall>();
  #version: OcppVersion = 'ocpp2.0.1';
  #failures = 0;

  constructor(style: LineStyle = {}) {
    this.#style = style;
  }

  lines(event: TraceEvent): string[] {
    switch (event.kind) {
      case 'frame':
        return this.#frame(event.at, event.direction, event.text);
      case 'link':
        return this.#link(event);
      case 'decision':
        return [INDENT + event.text];
      case 'registration':
      case 'transaction':
      case 'connector':
        return []; // the messages tell it
    }
  }

  #frame(at: Instant, direction: 'out' | 'in', text: string): string[] {
    const frame = parseFrame(text, this.#version);
    switch (frame.type) {
      case 'call': {
        const oldest = this.#open.keys().next();
        if (this.#open.size >= MOST_OPEN && !oldest.done) this.#open.delete(oldest.value);
        this.#open.set(`${direction} ${frame.id}`, { at, direction, action: frame.action, request: frame.payload });
        return [];
      }
      case 'result':
        return this.#answered(at, direction, frame.id, { kind: 'result', payload: frame.payload });
      case 'error':
      case 'resultError':
        return this.#answered(at, direction, frame.id, { kind: 'error', code: frame.code, description: frame.description });
      case 'send':
        return formatMessage({ at, direction, action: frame.action, request: frame.payload }, this.#style);
      case 'broken':
        return [`${clockTime(at, this.#style.timeZone)}  ${direction === 'out' ? '->' : '<-'} no OCPP message: ${frame.reason}`];
    }
  }

  #answered(at: Instant, direction: 'out' | 'in', id: string, answer: Parameters<typeof formatMessage>[0]['answer']): string[] {
    const key = `${direction === 'out' ? 'in' : 'out'} ${id}`;
    const call = this.#open.get(key);
    this.#open.delete(key);
    if (!call || answer === undefined) return [];
    return formatMessage({ ...call, answer, ms: at - call.at }, this.#style);
  }

  #link(event: Extract<TraceEvent, { kind: 'link' }>): string[] {
    const line = (text: string): string => `${clockTime(event.at, this.#style.timeZone)}  link  ${text}`;
    switch (event.state) {
      case 'dialling':
        return [];
      case 'open':
        this.#failures = 0;
        this.#version = event.detail.includes('ocpp2.1') ? 'ocpp2.1' : 'ocpp2.0.1';
        return [line(`open, ${event.detail}`)];
      case 'failed':
        this.#failures += 1;
        return [line(`failed, ${event.detail}`), ...(this.#failures === 1 ? [`${INDENT}why: npx busbar station doctor URL --id ID`] : [])];
      case 'lost': {
        const lost = [...this.#open.values()].flatMap((call) =>
          formatMessage({ ...call, answer: { kind: 'none', reason: 'no answer, the link is lost' } }, this.#style),
        );
        this.#open.clear();
        return [...lost, line(`lost, ${event.detail}`)];
      }
    }
  }
}
