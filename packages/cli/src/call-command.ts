import { BusbarError, isRecord } from '@busbar/runtime';
import { ApiClient } from './api-client.ts';
import { runBulk } from './bulk-commands.ts';
import { type ApiSurroundings, type Listed, line, part } from './listing.ts';

export type CallFlags = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

/** One station is called, several become a job of the CSMS. */
export async function call(stations: string, action: string, text: string, flags: CallFlags, around: ApiSurroundings): Promise<void> {
  const payload = payloadOf(text === '-' ? await typed(around) : text, stations, action);
  const [first = '', ...others] = stations.split(',').filter((id) => id !== '');
  const offline = flags['offline'] === undefined && flags['expires'] === undefined ? {} : { offline: flags['offline'] ?? 'queue' };
  if (others.length === 0) return callOne(first, action, payload, { ...flags, ...offline }, around);
  await runBulk(
    {
      stations: [first, ...others],
      action: { kind: 'call', action, payload },
      ...offline,
      ...(flags['expires'] === undefined ? {} : { expires: Number(flags['expires']) }),
      ...(flags['atOnce'] === undefined ? {} : { atOnce: Number(flags['atOnce']) }),
    },
    { ...flags, wait: flags['wait'] !== '0' },
    around,
  );
}

function typed({ input }: ApiSurroundings): Promise<string> {
  if (input === undefined) throw new BusbarError('bad-usage', 'There is no standard input to read the message from.');
  return input();
}

function payloadOf(text: string, stations: string, action: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BusbarError(
      'bad-usage',
      `${text.slice(0, 60)} is not JSON. In a shell: busbar call ${stations} ${action} '{"type":"OnIdle"}'`,
      { cause: error },
    );
  }
}

async function callOne(
  station: string,
  action: string,
  payload: unknown,
  flags: CallFlags,
  { environment, write }: ApiSurroundings,
): Promise<void> {
  const query = new URLSearchParams();
  for (const name of ['timeout', 'wait', 'offline', 'expires'] as const) {
    const value = flags[name];
    if (value !== undefined) query.set(name, String(value));
  }
  const { body } = await new ApiClient(flags, environment).request(
    'POST',
    `/stations/${part(station)}/calls/${part(action)}${query.size === 0 ? '' : `?${query.toString()}`}`,
    { body: payload, also: [409, 504] },
  );
  const view = isRecord(body) ? body : {};
  if (typeof view['code'] === 'string' && view['state'] === undefined) throw problem(view);
  failUnlessAnswered(station, action, view);
  const { state, commandId } = view;
  if (flags.json) write(line(body));
  else if (state === 'queued' || state === 'sent')
    write(
      `${action} to ${station} is ${state === 'queued' ? 'queued until it connects' : 'sent'}: busbar commands show ${String(commandId)}\n`,
    );
  else write(`${JSON.stringify(view['response'], undefined, 2)}\n`);
}

function problem({ code, detail }: Readonly<Record<string, unknown>>): BusbarError {
  return new BusbarError(code === 'not-accepted' || code === 'queue-full' || code === 'conflict' ? code : 'not-connected', String(detail));
}

/** Whoever calls from a script wants to know by the exit code whether the station answered. */
function failUnlessAnswered(station: string, action: string, view: Readonly<Record<string, unknown>>): void {
  const reason = typeof view['reason'] === 'string' ? view['reason'] : '';
  switch (view['state']) {
    case 'refused': {
      const { code, description } = isRecord(view['error']) ? view['error'] : {};
      throw new BusbarError('call-refused', `${station} refused ${action}: ${String(code)} ${String(description)}`.trim());
    }
    case 'unknown':
      throw new BusbarError('no-answer', `${station} did not answer ${action} (${reason}); whether it acted is unknown.`);
    case 'notSent':
      throw new BusbarError('not-connected', `${action} was not sent to ${station}: ${reason}.`);
    default:
      return;
  }
}
