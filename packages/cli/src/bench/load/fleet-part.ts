import { setTimeout as sleep } from 'node:timers/promises';
import { nodeNetwork } from '@busbar/protocol/node';
import { jsonLog, tidyMemory } from '@busbar/runtime/node';
import { VariableTables } from '@busbar/station';
import { Member } from '../../fleet/member.ts';
import { readProfile } from '../../fleet/profile.ts';
import { cpuMs } from '../measure/processes.ts';
import { answerLines } from '../part.ts';
import type { PartAnswers } from '../part-commands.ts';
import type { Credentials } from './fleet.ts';

const FAR_S = 1_000_000;

/** A process of full stations to which nobody comes. */
export function fleetPart(): void {
  const fleet = { ...readProfile(undefined), pauseS: [FAR_S, FAR_S] satisfies [number, number] };
  const [network, tables, log] = [nodeNetwork(), new VariableTables(), jsonLog('error')];
  const members: Member[] = [];
  const boot = async (port: number, stations: readonly Credentials[]): Promise<PartAnswers['bootFleet']> => {
    const [from, begun] = [cpuMs(process.pid), performance.now()];
    const fresh = stations.map(
      ({ id, password }, n) =>
        new Member({ fleet, n: members.length + n, id, url: `ws://127.0.0.1:${port}/ocpp`, password, speed: 1, network, tables, log }),
    );
    members.push(...fresh);
    while (!fresh.every(({ accepted }) => accepted)) await sleep(250);
    return { cpuMs: cpuMs(process.pid) - from, ms: performance.now() - begun };
  };
  answerLines('fleet', async (command) => {
    switch (command.do) {
      case 'bootFleet':
        return boot(command.port, command.stations);
      case 'tidyFleet':
        return tidyMemory();
    }
  });
}
