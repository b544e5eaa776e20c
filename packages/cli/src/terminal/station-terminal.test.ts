import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { Scope, silentLog } from '@busbar/runtime';
import { VirtualClock } from '@busbar/runtime/virtual';
import { describe, expect, test } from 'vitest';
import type { HandAction, HandResult, StationStatus } from './hands.ts';
import { Screen } from './screen.ts';
import { StationTerminal } from './station-terminal.ts';

const status: StationStatus = {
  id: 'CS001',
  connectedForMs: 1_000,
  powered: true,
  evses: [{ id: 1, state: 'Available' }],
  queue: 0,
  faults: [],
};

function terminal({ tty, answer = { done: true } }: { tty: boolean; answer?: HandResult }) {
  const clock = new VirtualClock();
  const scope = new Scope(clock, silentLog, 'terminal');
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: tty, columns: 100, rows: 30 });
  let printed = '';
  output.on('data', (data: Buffer) => {
    printed += data.toString('utf8');
  });
  const acted: HandAction[] = [];
  const hands = {
    act: async (action: HandAction) => {
      acted.push(action);
      return answer;
    },
    status: () => status,
    tokens: () => [],
  };
  const station = new StationTerminal({ hands, scope, input, output });
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await settled();
  };
  return { clock, scope, input, type, acted, station, printed: () => printed, plain: () => stripVTControlCharacters(printed) };
}

/** Streams and readline hand on within a few turns of the loop. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('without a terminal', () => {
  test('obeys lines, prints lines, and ends with its input', async () => {
    const { type, acted, printed, station, input } = terminal({ tty: false });
    await type('plug 1\nfly\n');
    station.print('03:12:00  -> Heartbeat');
    expect(acted).toEqual([{ verb: 'plug', evse: 1 }]);
    expect(printed()).toBe('fly is no command. help lists them.\n03:12:00  -> Heartbeat\n');
    input.end();
    await station.left;
  });

  test('says why the hardware cannot do it', async () => {
    const { type, printed } = terminal({ tty: false, answer: { done: false, code: 'no-pin-pad', reason: 'this station has no PIN pad' } });
    await type('pin 1 1234\n');
    expect(printed()).toBe('this station has no PIN pad (no-pin-pad)\n');
  });

  test('delays what is to come after a while, and forgets it when it closes', async () => {
    const { type, acted, clock, scope } = terminal({ tty: false });
    await type('unplug 1 after 30s\nplug 1 after 60s\n');
    await clock.advance(29_999);
    expect(acted).toEqual([]);
    await clock.advance(1);
    expect(acted).toEqual([{ verb: 'unplug', evse: 1 }]);
    scope.close();
    await clock.advance(60_000);
    expect(acted).toHaveLength(1);
  });

  test('leaves when told', async () => {
    const { type, station } = terminal({ tty: false });
    await type('quit\n');
    await station.left;
  });
});

describe('at a terminal', () => {
  test('keeps status and prompt at the bottom while lines scroll', async () => {
    const { station, plain, printed } = terminal({ tty: true });
    await settled();
    station.print('first');
    await settled();
    expect(plain()).toContain('CS001  connected 1 s  1 Available  queue 0  no faults');
    expect(printed()).toContain('\u001b[1A\r\u001b[Jfirst\n\u001b[7m CS001');
    expect(plain().trimEnd().endsWith('>')).toBe(true);
  });

  test('Tab completes, or shows what is possible', async () => {
    const { type, plain, acted } = terminal({ tty: true });
    await type('unp\t');
    await type('\r');
    expect(acted).toEqual([{ verb: 'unplug', evse: 1 }]);
    await type('link \t');
    expect(plain()).toContain('down  no goodbye, as in a tunnel');
    expect(plain()).toContain('add "after 30s" to delay it');
    await type('d\t');
    await type('\r');
    expect(acted[1]).toEqual({ verb: 'link', state: 'down' });
  });
});

test('the screen takes away exactly what it has drawn', () => {
  let written = '';
  const screen = new Screen({ isTTY: true, columns: 20, write: (text) => void (written += text) });
  screen.attach({ redraw: () => void (written += '> '), cursorRow: () => 2 });
  screen.status('ready');
  screen.hints(['one', 'two that is much longer than the row']);
  written = '';
  screen.print('line');
  expect(written).toBe(`\u001b[5A\r\u001b[Jline\none\ntwo that is much lo…\n\u001b[7m ready              \u001b[0m\n> `);
  written = '';
  screen.entered('x'.repeat(30), '> ');
  expect(written.startsWith('\u001b[5A\r\u001b[J> xxx')).toBe(true);
});
