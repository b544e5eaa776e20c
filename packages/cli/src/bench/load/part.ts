import { answerLines } from '../part.ts';
import { Fleet } from './fleet.ts';
import { storm } from './storm.ts';

/** The load generator, a process of its own: its work is not counted as the server's. */
export function loadPart(): void {
  let fleet = new Fleet();
  answerLines('load', async (command) => {
    switch (command.do) {
      case 'connect':
        return fleet.connect(command.port, command.stations, command.atOnce, command.deflate === true);
      case 'begin':
        return fleet.begin();
      case 'run':
        return fleet.run(command);
      case 'acknowledged':
        return fleet.acknowledged;
      case 'storm':
        return storm(command.port, command.stations);
      case 'close':
        fleet.close();
        fleet = new Fleet();
    }
  });
}
