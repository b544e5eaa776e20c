import type { RequestOf, ResponseOf } from '@busbar/protocol';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { atLeast, rule } from '../../field.ts';
import { booted } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** Logs of a station (N01). */

type LogType = RequestOf<'GetLog'>['logType'];
type Status = RequestOf<'LogStatusNotification'>['status'];

async function asks(
  t: CsmsTest,
  station: ToolStation,
  step: number,
  logType: LogType,
  status: ResponseOf<'GetLog'>['status'],
): Promise<number> {
  const call = await t.command(station, step, {
    action: 'GetLog',
    payload: { logType, log: { remoteLocation: 'https://127.0.0.1/logs' } },
    expect: {
      logType,
      requestId: atLeast(0),
      'log.remoteLocation': rule('a URL', (value) => typeof value === 'string' && URL.canParse(value)),
    },
    requirements: ['N01.FR.01'],
    answer: { status, ...(status === 'Rejected' ? {} : { filename: 'busbar.log' }) },
  });
  return call.payload.requestId;
}
async function tells(station: ToolStation, step: number, requestId: number, ...statuses: readonly Status[]): Promise<void> {
  for (const [n, status] of statuses.entries()) await station.send(step + 2 * n, 'LogStatusNotification', { status, requestId });
}
const uploads = (id: string, title: string, logType: LogType) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    await tells(station, 3, await asks(t, station, 1, logType, 'Accepted'), 'Uploading', 'Uploaded');
  });

export const csmsLogs = [
  uploads('TC_N_25_CSMS', 'The diagnostics log is fetched', 'DiagnosticsLog'),
  csmsCase('TC_N_34_CSMS', 'The station will not give its log', async (t) => {
    const station = await booted(t);
    await asks(t, station, 1, 'DiagnosticsLog', 'Rejected');
    await station.send(2, 'Heartbeat', {});
  }),
  uploads('TC_N_35_CSMS', 'The security log is fetched', 'SecurityLog'),
  csmsCase('TC_N_36_CSMS', 'A second request takes the place of the first', async (t) => {
    const station = await booted(t);
    const first = await asks(t, station, 1, 'DiagnosticsLog', 'Accepted');
    await tells(station, 3, first, 'Uploading');
    const second = await asks(t, station, 5, 'DiagnosticsLog', 'AcceptedCanceled');
    t.that(5, 'the second request has a number of its own', second !== first, second, ['N01.FR.01']);
    await tells(station, 7, first, 'AcceptedCanceled');
    await tells(station, 9, second, 'Uploading', 'Uploaded');
  }),
];
