import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { LiveEvent } from '@busbar/csms';
import { expect, test } from 'vitest';
import { liveScreen } from './live-screen.ts';

const connected: LiveEvent = { type: 'station', stationId: 'DEMO-AC1', what: 'connected', detail: { version: 'ocpp2.1' } };

function screen(isTTY: boolean) {
  let written = '';
  let interrupts = 0;
  const raw: boolean[] = [];
  const keyboard = Object.assign(new EventEmitter(), { isTTY, setRawMode: (on: boolean) => raw.push(on), resume() {}, pause() {} });
  const live = liveScreen({
    output: { isTTY, columns: 120, write: (text) => void (written += text) },
    keyboard,
    colour: false,
    timeZone: 'UTC',
    interrupt: () => void (interrupts += 1),
  });
  return { live, keyboard, raw, said: () => stripVTControlCharacters(written), interrupts: () => interrupts };
}

test('without a terminal there are only lines', () => {
  const { live, said, raw } = screen(false);
  live.show({ id: 1, at: 0, event: connected });
  live.close();
  expect(said()).toBe('time      station   event\n00:00:00  DEMO-AC1  connected, ocpp2.1\n');
  expect(raw).toEqual([]);
});

test('at a terminal the summary stays, q keeps only it, Ctrl C is told', () => {
  const { live, keyboard, said, raw, interrupts } = screen(true);
  live.show({ id: 1, at: 0, event: connected });
  expect(said()).toContain('DEMO-AC1  connected, ocpp2.1\n');
  expect(said().split('\r').at(-1)).toMatch(/^ -- 1 connected  0 refused  0 charging  0 events stored  q quiet, Ctrl C stops -- +\n$/);
  keyboard.emit('data', Buffer.from('q'));
  live.show({ id: 2, at: 0, event: { ...connected, what: 'disconnected', detail: { code: 1006, reason: '' } } });
  expect(said()).not.toContain('disconnected');
  expect(said()).toContain('-- 0 connected  0 refused  0 charging  0 events stored  q shows lines again');
  keyboard.emit('data', Buffer.from([3]));
  expect(interrupts()).toBe(1);
  live.close();
  expect(raw).toEqual([true, false]);
  expect(keyboard.listenerCount('data')).toBe(0);
});
