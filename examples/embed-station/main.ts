/**
 * An embedded station: `node examples/embed-station/main.ts ws://127.0.0.1:9000/ocpp PAPER-1 [password]`.
 * A vehicle arrives, a card is shown, energy flows, the card is shown again.
 */
import { nodeNetwork } from '@busbar/protocol/node';
import { makeIds, Secret } from '@busbar/runtime';
import { jsonLog, SqliteJournal, systemClock, systemRandom } from '@busbar/runtime/node';
import { createStation } from '@busbar/station';
import { PaperBoard } from './board.ts';
import { BoardHardware } from './board-hardware.ts';

const [csmsUrl = 'ws://127.0.0.1:9000/ocpp', identity = 'PAPER-1', password] = process.argv.slice(2);
const board = new PaperBoard();
const journal = new SqliteJournal('data/embedded-station.db', systemClock);
const station = createStation({
  config: { identity, csmsUrl, ...(password === undefined ? {} : { password: new Secret(password) }) },
  hardware: new BoardHardware(board, systemClock),
  clock: systemClock,
  random: systemRandom,
  ids: makeIds(systemRandom, systemClock),
  log: jsonLog('warn'),
  network: nodeNetwork(),
  journal: () => journal.of(identity),
  onTrace: (event) => {
    if (event.kind === 'transaction') console.log(event.eventType, event.triggerReason, event.seqNo);
    if (event.kind === 'registration') console.log('registration', event.state);
  },
});
station.start();

const later = (seconds: number, action: () => void): void => void setTimeout(action, seconds * 1_000);
later(2, () => board.pilot('C'));
later(3, () => board.card('AABBCCDD'));
for (let second = 5; second < 15; second += 1) later(second, () => board.contactorClosed && board.count(2.044));
later(15, () => board.card('AABBCCDD'));
later(18, () => void station.stop().then(() => journal.close()));
