import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { atLeast, oneOf } from '../../field.ts';
import { acceptedBoot, allConnectorsAre, booted, sendBoot } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** The boot: accepted, pending, rejected (B01–B03), and the subprotocol (Part 4). */

/** A station whose next boot is answered with this status. */
async function waiting(t: CsmsTest, status: 'Pending' | 'Rejected', interval: number): Promise<ToolStation> {
  const station = await t.station();
  await t.perform({ do: 'nextBoot', stationId: station.id, boots: [{ status, interval, times: 1 }] });
  await station.connect(0);
  return station;
}

export const csmsBoot = [
  csmsCase('TC_B_01_CSMS', 'A known station is accepted', async (t) => {
    await booted(t);
  }),
  csmsCase('TC_B_02_CSMS', 'A station is kept pending, then accepted', async (t) => {
    const station = await waiting(t, 'Pending', 1);
    const first = await sendBoot(t, station, 1);
    t.check(2, first, { status: 'Pending', interval: atLeast(0) }, 'B02.FR.01');
    await t.pass(Math.max(1, first.payload.interval) * 1000, 'the interval of the pending boot (B02.FR.06)');
    acceptedBoot(t, 4, await sendBoot(t, station, 3));
    await allConnectorsAre(t, station, 5, 'Available');
  }),
  csmsCase('TC_B_30_CSMS', 'While a station is not accepted its messages are refused with SecurityError', async (t) => {
    const station = await waiting(t, 'Pending', 60);
    const answer = await sendBoot(t, station, 1);
    t.check(2, answer, { status: oneOf('Pending', 'Rejected') }, 'B02.FR.01');
    const refused = await station.sendOrError(3, 'StatusNotification', {
      timestamp: t.timestamp(),
      connectorStatus: 'Available',
      evseId: 1,
      connectorId: 1,
    });
    if ('code' in refused)
      t.that(4, 'the CALLERROR is SecurityError', refused.code === 'SecurityError', refused.code, ['B02.FR.09', 'B03.FR.07'], {
        entry: refused.entry,
        path: 'code',
      });
    else
      t.that(4, 'the message is answered with a CALLERROR', false, refused.payload, ['B02.FR.09', 'B03.FR.07'], { entry: refused.entry });
  }),
  csmsCase('TC_B_31_CSMS', 'A pending station boots again when it is asked to', async (t) => {
    const station = await waiting(t, 'Pending', 60);
    t.check(2, await sendBoot(t, station, 1), { status: oneOf('Pending', 'Rejected') }, 'B02.FR.01');
    await t.command(station, 3, {
      action: 'TriggerMessage',
      payload: { requestedMessage: 'BootNotification' },
      expect: { requestedMessage: 'BootNotification' },
      answer: { status: 'Accepted' },
      requirements: ['F06.FR.01'],
    });
    acceptedBoot(t, 6, await sendBoot(t, station, 5, 'Triggered'));
    await allConnectorsAre(t, station, 7, 'Available');
  }),
  csmsCase(
    'TC_B_58_CSMS',
    'The CSMS chooses the first version of the station that it knows, and none when it knows none',
    async (t) => {
      const station = await t.station();
      const unknown = await station.dial({ subprotocols: ['ocpp0.1'] });
      if (unknown.open) {
        t.that(2, 'no subprotocol is agreed', false, unknown.subprotocol, ['Part 4'], { entry: unknown.entry, path: 'subprotocol' });
        station.disconnect();
      } else if (unknown.failure === 'subprotocol') {
        t.reading('no common version: upgraded without a subprotocol (Part 4, 3.2)');
        t.that(2, 'no subprotocol is agreed', true, '', ['Part 4'], { entry: unknown.entry });
      } else {
        t.reading('no common version: not upgraded (errata 6.2.21)');
        t.that(2, 'the refusal is an HTTP status', unknown.status !== undefined && unknown.status >= 400, unknown.reason, ['Part 4'], {
          entry: unknown.entry,
          path: 'status',
        });
      }
      await station.connect(4, { subprotocols: ['ocpp0.1', t.settings.version] }, 'Part 4');
    },
    { note: 'Part 4, 3.2 and errata 6.2.21 differ; both are accepted, a connection with a version nobody offered is not' },
  ),
];
