import { routes } from '@busbar/api';
import type { Command } from 'commander';
import { both, type Flags, filters, shared } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const load = () => import('./stations-commands.ts');
const variables = () => import('./variables-commands.ts');

export function addStationsCommands(program: Command, around: ApiSurroundings): void {
  const stations = filters(
    shared(program.command('stations'), 'busbar stations --json', 'busbar stations --state offline --sort lastSeen'),
    routes.listStations,
  )
    .description('registered stations, and how they are')
    .enablePositionalOptions();
  stations.action(async (flags: Flags) => (await load()).listStations(flags, around));
  filters(shared(stations.command('list'), 'busbar stations list --q CS --limit 20'), routes.listStations)
    .description('the same as `busbar stations`')
    .action(async (_: Flags, command: Command) => (await load()).listStations(both(command), around));
  shared(stations.command('show <id>'), 'busbar stations show CS-1')
    .description('one station: link, boot, model, connectors')
    .action(async (id: string, _: Flags, command: Command) => (await load()).showStation(id, both(command), around));
  shared(stations.command('add <id>'), 'busbar stations add CS-1', 'busbar stations add CS-2 --site 1')
    .description('registers a station and shows the password made for it')
    .option('--site <id>', 'where it stands')
    .option('--serial-number <text>', 'as its boot has to say it')
    .action(async (id: string, _: Flags, command: Command) => (await load()).addStation(id, both(command), around));
  shared(stations.command('remove <id>'), 'busbar stations remove CS-2', 'busbar stations remove CS-1 --retire')
    .description('removes a station; one that has transactions only with --retire')
    .option('--retire', 'it may not connect any more, its transactions stay')
    .action(async (id: string, _: Flags, command: Command) => (await load()).removeStation(id, both(command), around));
  for (const [verdict, said] of [
    ['accept', 'approves a station that waits for it, and asks it to boot'],
    ['reject', 'refuses a station: its boots are answered Rejected'],
  ] as const)
    shared(stations.command(`${verdict} <id>`), `busbar stations ${verdict} CS-1`)
      .description(said)
      .action(async (id: string, _: Flags, command: Command) => (await load()).judgeStation(id, verdict, both(command), around));
  shared(stations.command('password <id>'), 'busbar stations password CS-1', 'busbar stations password CS-1 --send')
    .description('makes the password that is expected of the station and shows it')
    .option('--send', 'gives it to the station over OCPP as well; until it answers both are valid')
    .action(async (id: string, _: Flags, command: Command) => (await load()).stationPassword(id, both(command), around));
  addVariables(program, around);
}

function addVariables(program: Command, around: ApiSurroundings): void {
  const group = program
    .command('variables')
    .description('the device model of a station: list, get, set')
    .addHelpText(
      'after',
      '\nA variable is written Component.Variable, with instances in brackets and the EVSE behind @:\nConnector@1.1.Available, SampledDataCtrlr.TxUpdatedMeasurands, ChargingStation.AvailabilityState[x].\n\nExample:\n  busbar variables get CS-1 EVSE@1.Power',
    )
    .enablePositionalOptions();
  shared(group.command('list <station>'), 'busbar variables list CS-1', 'busbar variables list CS-1 --q Heartbeat')
    .description('what the station last reported; it is not asked')
    .option('--q <text>', 'only those with this in their name')
    .action(async (station: string, flags: Flags) => (await variables()).listVariables(station, flags, around));
  shared(group.command('get <station> <variables...>'), 'busbar variables get CS-1 OCPPCommCtrlr.HeartbeatInterval')
    .description('asks the station')
    .action(async (station: string, names: readonly string[], flags: Flags) =>
      (await variables()).readVariables(station, names, flags, around),
    );
  shared(group.command('set <station> <assignments...>'), 'busbar variables set CS-1 OCPPCommCtrlr.HeartbeatInterval=600')
    .description('writes to the station; exit code 9 when it does not take one of them')
    .action(async (station: string, given: readonly string[], flags: Flags) =>
      (await variables()).writeVariables(station, given, flags, around),
    );
}
