import type { RequestOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { oneOf, rule } from '../../field.ts';
import { booted } from '../../states/station.ts';

/** Logs of a station (N01). */

type LogType = RequestOf<'GetLog'>['logType'];
const FILENAME = { filename: rule('a name that is not empty', (value) => typeof value === 'string' && value !== '') } as const;

const uploads = (id: string, title: string, logType: LogType, requirement: string) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const place = t.page('log', {});
    const requestId = t.nextRequestId();
    await station.call(
      1,
      'GetLog',
      { logType, requestId, log: { remoteLocation: place.url } },
      { status: 'Accepted', ...FILENAME },
      'N01.FR.01',
      requirement,
    );
    await station.take(3, 'LogStatusNotification', { requestId }, { where: { status: 'Uploading' }, requirements: ['N01.FR.08'] });
    await station.take(5, 'LogStatusNotification', { requestId }, { where: { status: 'Uploaded' }, requirements: ['N01.FR.09'] });
    const upload = await place.request(5);
    t.that(5, 'a file arrived, by PUT or POST', (upload.method === 'PUT' || upload.method === 'POST') && upload.bytes > 0, upload, [
      'N01.FR.18',
      'N01.FR.19',
    ]);
  });

const asks = (requestId: number, remoteLocation: string) => ({ logType: 'DiagnosticsLog' as const, requestId, log: { remoteLocation } });

export const stationLogs = [
  uploads('TC_N_25_CS', 'The diagnostics log is fetched', 'DiagnosticsLog', 'N01.FR.04'),
  stationCase(
    'TC_N_26_CS',
    'The place for the log takes nothing: four attempts, then the end',
    async (t) => {
      const retryS = t.settings.sampleS;
      const station = await booted(t);
      const place = t.page('log', { status: 403 });
      const requestId = t.nextRequestId();
      await station.call(
        1,
        'GetLog',
        { logType: 'DiagnosticsLog', requestId, retries: 3, retryInterval: retryS, log: { remoteLocation: place.url } },
        { status: 'Accepted' },
        'N01.FR.01',
      );
      const first = await station.take(
        3,
        'LogStatusNotification',
        { requestId },
        { where: { status: 'Uploading' }, requirements: ['N01.FR.08'] },
      );
      await place.request(5, 3, (3 * retryS + 10) * 1000);
      await station.take(
        5,
        'LogStatusNotification',
        { requestId },
        { where: { status: FAILURE }, within: (3 * retryS + 10) * 1000, requirements: ['N01.FR.10'] },
      );
      await station.silence(5, retryS + 1, 'LogStatusNotification', { status: 'Uploading' }, 'N01.FR.10');
      const failures = station.all('LogStatusNotification', { status: FAILURE });
      const last = failures.at(-1);
      t.that(5, 'there are four attempts', place.requests.length === 4, place.requests.length, ['N01.FR.10']);
      const span = (last?.at ?? 0) - first.at;
      t.that(
        5,
        `the last failure is told ${3 * retryS} s after the first attempt`,
        Math.abs(span - 3 * retryS * 1000) <= Math.min(t.settings.deviationMs, 1500),
        `${Math.round(span)} ms`,
        ['N01.FR.10'],
        last && { entry: last.entry },
      );
    },
    { note: 'errata 6.2.93: Uploading and the failure may be told once or for every attempt (D22)' },
  ),
  uploads('TC_N_35_CS', 'The security log is fetched', 'SecurityLog', 'N01.FR.03'),
  stationCase('TC_N_36_CS', 'A second request takes the place of the first', async (t) => {
    const station = await booted(t);
    const [slow, quick] = [t.page('slow', { stall: true }), t.page('quick', {})];
    const [first, second] = [t.nextRequestId(), t.nextRequestId()];
    await station.call(1, 'GetLog', asks(first, slow.url), { status: 'Accepted' }, 'N01.FR.01');
    await station.take(3, 'LogStatusNotification', { requestId: first }, { where: { status: 'Uploading' }, requirements: ['N01.FR.08'] });
    await station.call(5, 'GetLog', asks(second, quick.url), { status: 'AcceptedCanceled' }, 'N01.FR.12');
    await station.take(
      7,
      'LogStatusNotification',
      { requestId: first },
      { where: { status: 'AcceptedCanceled' }, requirements: ['N01.FR.12'] },
    );
    await station.take(9, 'LogStatusNotification', { requestId: second }, { where: { status: 'Uploading' }, requirements: ['N01.FR.08'] });
    await station.take(11, 'LogStatusNotification', { requestId: second }, { where: { status: 'Uploaded' }, requirements: ['N01.FR.09'] });
    slow.release();
  }),
];

const FAILURE = oneOf('UploadFailure', 'BadMessage', 'PermissionDenied', 'NotSupportedOperation');
