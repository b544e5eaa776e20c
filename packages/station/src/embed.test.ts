import { loadRules } from '@busbar/protocol';
import { makeIds, silentLog } from '@busbar/runtime';
import { MemoryJournal, seededRandom, VirtualClock, VirtualDisk, VirtualNetwork } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import { createStation } from './station.ts';
import { ScriptedCsms } from './testing/scripted-csms.ts';

// The example imports this package by its name, as a firmware does; a test may look at it across the folder.
const example = '../../../examples/embed-station';
interface Desk {
  pilot(state: 'A' | 'B' | 'C'): void;
  card(rfid: string): void;
  count(wh: number): void;
  contactorClosed: boolean;
  locked: boolean;
}

test('the example in examples/embed-station is a whole station', async () => {
  await loadRules('ocpp2.1');
  const { PaperBoard } = (await import(`${example}/board.ts`)) as { PaperBoard: new () => Desk };
  const { BoardHardware } = (await import(`${example}/board-hardware.ts`)) as {
    BoardHardware: new (board: Desk, clock: VirtualClock) => Parameters<typeof createStation>[0]['hardware'];
  };
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const network = new VirtualNetwork(clock);
  const csms = new ScriptedCsms(clock, network);
  csms.version = 'ocpp2.1';
  const board = new PaperBoard();
  const station = createStation({
    config: { identity: 'PAPER-1', csmsUrl: 'ws://csms' },
    hardware: new BoardHardware(board, clock),
    clock,
    random,
    ids: makeIds(random, clock),
    log: silentLog,
    network,
    journal: () => new MemoryJournal(clock, new VirtualDisk()),
  });
  station.start();
  await clock.advance(5_000);
  board.pilot('C');
  board.card('AABBCCDD');
  await clock.advance(5_000);
  expect([board.contactorClosed, board.locked]).toEqual([true, true]);
  board.count(1_397.5);
  board.card('AABBCCDD');
  await clock.advance(5_000);
  expect([board.contactorClosed, board.locked]).toEqual([false, false]);
  expect(csms.last('TransactionEvent')).toMatchObject({
    eventType: 'Ended',
    meterValue: [{ sampledValue: [{ value: 0 }] }, { sampledValue: [{ value: 1397.5 }] }],
  });
  expect(csms.faults).toEqual([]);
});
