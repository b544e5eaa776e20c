import type { Numbered } from '@busbar/csms';
import { eventHeading, formatEventLine, formatTotals } from './event-line.ts';
import { LiveEvents } from './live-events.ts';
import { Screen, type TerminalOutput } from './screen.ts';

/** A keyboard; process.stdin is one. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  off(event: 'data', listener: (data: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface LiveScreenOptions {
  readonly output: TerminalOutput;
  readonly keyboard?: Keyboard;
  readonly colour: boolean;
  readonly timeZone?: string;
  /** Ctrl C; a keyboard in raw mode sends no signal. */
  readonly interrupt: () => void;
}

export interface LiveScreen {
  show(event: Numbered): void;
  close(): void;
}

const CTRL_C = 3;

/** Lines of what happens, and at a terminal a summary that stays below them; `q` keeps only the summary. */
export function liveScreen({ output, keyboard, colour, timeZone, interrupt }: LiveScreenOptions): LiveScreen {
  const events = new LiveEvents();
  const screen = new Screen(output);
  let stationWidth = 0;
  let quiet = false;
  const summarise = (): void => screen.status(formatTotals(events.totals, quiet));
  const key = (data: Buffer): void => {
    if (data.includes(CTRL_C)) interrupt();
    if (data.toString('latin1').toLowerCase().includes('q')) {
      quiet = !quiet;
      summarise();
    }
  };
  screen.print(eventHeading());
  const atTerminal = output.isTTY === true && keyboard?.isTTY === true;
  if (output.isTTY === true) {
    screen.attach({ redraw: () => undefined, cursorRow: () => 0 });
    summarise();
  }
  if (atTerminal) {
    keyboard.setRawMode?.(true);
    keyboard.on('data', key);
    keyboard.resume();
  }
  return {
    show(event) {
      const line = events.line(event);
      stationWidth = Math.max(stationWidth, event.event.stationId.length);
      if (line && !quiet) screen.print(formatEventLine(line, { colour, stationWidth, ...(timeZone ? { timeZone } : {}) }));
      summarise();
    },
    close() {
      screen.detach();
      if (!atTerminal) return;
      keyboard.setRawMode?.(false);
      keyboard.off('data', key);
      keyboard.pause();
    },
  };
}
