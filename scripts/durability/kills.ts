// SIGKILL of the CSMS at random moments under load: what it acknowledged is there, once.
import { Fleet, pause, until } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { killed, type Ports, serve } from './serve.ts';

export interface KillsResult extends Verdict {
  readonly kills: number;
  readonly refused: readonly string[];
}

export interface Kills {
  readonly folder: string;
  readonly kills: number;
  readonly clients: number;
  readonly random: () => number;
  readonly flags: readonly string[];
  readonly progress?: (done: number) => void;
}

const LONGEST_MS = 600;

export async function runKills({ folder, kills, clients, random, flags, progress }: Kills): Promise<KillsResult> {
  const ports: Ports = { ocpp: 0, http: 0 };
  let csms = await serve(folder, ports, flags);
  const fleet = await Fleet.start(csms, clients, () => ports.ocpp);
  for (let kill = 0; kill < kills; kill += 1) {
    const before = fleet.acknowledged;
    await until('load', () => fleet.acknowledged > before);
    await pause(random() * LONGEST_MS);
    await killed(csms);
    csms = await serve(folder, ports, flags);
    progress?.(kill + 1);
  }
  await fleet.finish();
  const verdict = await judge(csms, fleet);
  await csms.stop();
  return { kills, ...verdict, refused: fleet.refused };
}
