import { nodeNetwork } from '@busbar/protocol/node';
import { BusbarError, isRecord } from '@busbar/runtime';
import { jsonLog } from '@busbar/runtime/node';
import { VariableTables } from '@busbar/station';
import { ApiClient } from '../api-client.ts';
import { type Compared, compare, type Totals } from './compare.ts';
import { dashboard, type FleetPicture } from './dashboard.ts';
import { Member, TOKEN } from './member.ts';
import { readProfile } from './profile.ts';

export interface FleetFlags {
  readonly count: number;
  readonly url: string;
  readonly profile?: string;
  readonly rampS: number;
  readonly durationS: number;
  readonly speed: number;
  readonly api?: string;
  readonly apiKey?: string;
  readonly json: boolean;
}

export interface FleetSurroundings {
  readonly write: (text: string) => void;
  /** The dashboard: lines that take the place of the last ones, on a terminal only. */
  readonly show: (lines: readonly string[]) => void;
  /** Ends the run early. */
  readonly stopped: Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** Every station is accepted, for the first time: starting is over. */
  readonly allRun: () => void;
}

const TICK_MS = 500;
/** From the end of the run until every driver is gone and every event is told. */
const SETTLE_MS = 120_000;
const SHOWN = 20;
/** With test mode and `--unknown-stations accept` any password does. */
const PASSWORD = 'busbar-fleet-password';

/** `busbar fleet`: full stations as load; the exit code says whether the CSMS has what it acknowledged. */
export async function fleetCommand(flags: FleetFlags, around: FleetSurroundings): Promise<number> {
  const fleet = readProfile(flags.profile);
  const api = flags.api === undefined ? undefined : new ApiClient({ url: flags.api }, { BUSBAR_API_KEY: flags.apiKey });
  if (api) await api.request('PUT', `/tokens/ISO14443/${TOKEN}`, { body: { status: 'Accepted' } });
  const members: Member[] = [];
  const state = { stopped: false, tidy: false };
  around.stopped.then(
    () => (state.stopped = true),
    () => (state.stopped = true),
  );
  const [network, tables, log] = [nodeNetwork(), new VariableTables(), jsonLog('error')];
  const begun = around.now();
  const watch = new Watch(flags, `${fleet.pattern}, seed ${fleet.seed}`);
  const start = async (n: number): Promise<void> => {
    const id = `${fleet.prefix}-${String(n + 1).padStart(5, '0')}`;
    const password = api ? await register(api, id) : PASSWORD;
    members.push(new Member({ fleet, n, id, url: flags.url, password, speed: flags.speed, network, tables, log }));
  };
  const until = begun + flags.durationS * 1000;
  try {
    while (!state.stopped && around.now() < until) {
      const due =
        flags.rampS === 0
          ? flags.count
          : Math.min(flags.count, 1 + Math.floor(((around.now() - begun) / flags.rampS / 1000) * flags.count));
      while (members.length < due && !state.stopped) await start(members.length);
      if (!state.tidy && members.length === flags.count && members.every((member) => member.accepted)) {
        state.tidy = true;
        around.allRun();
      }
      around.show(dashboard(watch.picture(members, around.now() - begun)));
      await around.wait(Math.max(1, Math.min(TICK_MS, until - around.now())));
    }
    for (const member of members) member.end();
    const limit = around.now() + SETTLE_MS;
    while (around.now() < limit && !members.every(({ quiet }) => quiet)) {
      around.show(dashboard({ ...watch.picture(members, around.now() - begun), what: 'drivers leave' }));
      await around.wait(50);
    }
    const told = members.flatMap(({ id, account }) => account.transactions().map((tx) => [id, tx] as const));
    const compared = api ? await compare(api, told) : undefined;
    around.show([]);
    const accepted = members.filter((member) => member.accepted).length;
    const stations: Totals & { readonly queued: number; readonly refused: number; readonly accepted: number } = {
      transactions: told.length,
      events: members.reduce((sum, { account }) => sum + account.events, 0),
      energyWh: told.reduce((sum, [, tx]) => sum + (tx.energyMWh ?? 0), 0) / 1000,
      queued: members.reduce((sum, { station }) => sum + station.facts().queuedEvents, 0),
      refused: members.reduce((sum, { account }) => sum + account.refused, 0),
      accepted,
    };
    const exit = compared !== undefined && compared.differences.length > 0 ? 1 : 0;
    if (flags.json)
      around.write(`${JSON.stringify({ count: members.length, seed: fleet.seed, pattern: fleet.pattern, stations, ...compared })}\n`);
    else around.write(summary(members.length, stations, compared));
    return exit;
  } finally {
    await Promise.all(members.map((member) => member.close()));
  }
}

/** A new station, or a new password for one that is known from the last run. */
async function register(api: ApiClient, id: string): Promise<string> {
  const made = await api.request('POST', '/stations', { body: { id }, also: [409] });
  const { body } = made.status === 409 ? await api.request('PUT', `/stations/${encodeURIComponent(id)}/password`, { body: {} }) : made;
  if (isRecord(body) && typeof body['password'] === 'string') return body['password'];
  throw new BusbarError('no-api', `The CSMS gave ${id} no password.`);
}

/** Looks at the stations now and then; the rate is that since the last look. */
class Watch {
  readonly #flags: FleetFlags;
  readonly #what: string;
  #last = { ms: 0, events: 0 };

  constructor(flags: FleetFlags, what: string) {
    this.#flags = flags;
    this.#what = what;
  }

  picture(members: readonly Member[], ms: number): FleetPicture {
    const facts = members.map(({ station }) => station.facts());
    const evses = facts.flatMap((each) => each.evses);
    const acknowledged = members.reduce((sum, { account }) => sum + account.events, 0);
    const perSecond = ((acknowledged - this.#last.events) / Math.max(1, ms - this.#last.ms)) * 1000;
    this.#last = { ms, events: acknowledged };
    return {
      what: this.#what,
      elapsedS: ms / 1000,
      durationS: this.#flags.durationS,
      count: this.#flags.count,
      started: members.length,
      online: facts.filter(({ link }) => link === 'open').length,
      accepted: facts.filter(({ registration }) => registration === 'accepted').length,
      evses: evses.length,
      charging: evses.filter(({ flow }) => flow === 'flowing').length,
      faulted: evses.filter(({ faults }) => faults.length > 0).length,
      acknowledged,
      perSecond,
      waiting: facts.reduce((sum, { queuedEvents }) => sum + queuedEvents, 0),
      refused: members.reduce((sum, { account }) => sum + account.refused, 0),
      answerMs: members.flatMap(({ account }) => account.answerMs),
    };
  }
}

function summary(
  count: number,
  stations: Totals & { readonly queued: number; readonly refused: number; readonly accepted: number },
  compared: Compared | undefined,
): string {
  const lines = [
    `${count} stations, ${stations.accepted} accepted; ${stations.queued} events still queued, ${stations.refused} refused.`,
    `Acknowledged  ${totals(stations)}`,
    ...(compared === undefined
      ? ['Not compared with the CSMS: --api URL and --api-key are missing.']
      : [
          `At the CSMS   ${totals(compared.csms)}`,
          compared.differences.length === 0 ? 'Equal.' : `${compared.differences.length} differences:`,
          ...compared.differences.slice(0, SHOWN),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

const totals = ({ transactions, events, energyWh }: Totals): string =>
  `${transactions} transactions, ${events} events, ${(energyWh / 1000).toFixed(3)} kWh`;
