import { stationCase } from '../../case.ts';
import { passwordFrom } from '../../csms-test.ts';
import { oneOf } from '../../field.ts';
import { booted, boots, rebooted, variableOf } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { Knock, SutStation } from '../../sut-station.ts';

/** Basic authentication and the change of its password (A00, A01). */

const PASSWORD = variableOf('SecurityCtrlr.BasicAuthPassword');

/** The knock carries this user and password, and asks at the address of the user. */
function logsIn(t: StationTest, step: number, station: SutStation, knock: Knock, password: string, requirement: string): void {
  const wanted = `Basic ${btoa(`${station.id}:${password}`)}`;
  t.that(
    step,
    'the Authorization header holds id and password',
    knock.handshake.authorization === wanted,
    knock.handshake.authorization,
    [requirement],
    { entry: knock.entry, path: 'handshake.authorization' },
  );
  const named = decodeURIComponent(knock.handshake.path.split('/').at(-1) ?? '');
  t.that(step, 'the address ends with the id', named === station.id, knock.handshake.path, ['A00.FR.204'], {
    entry: knock.entry,
    path: 'handshake.path',
  });
}

const lastKnock = (t: StationTest, station: SutStation): Knock => station.knocks.at(-1) ?? t.inconclusive('no connection');

export const stationBasic = [
  stationCase('TC_A_01_CS', 'A station shows its id and password', async (t) => {
    const station = await booted(t);
    await rebooted(t, station, 1);
    logsIn(t, 1, station, lastKnock(t, station), station.password, 'A00.FR.203');
  }),
  stationCase('TC_A_09_CS', 'A station takes a new password and uses it', async (t) => {
    const station = await booted(t);
    const fresh = passwordFrom(t.outside.random.bytes(16));
    const answer = await station.call(
      1,
      'SetVariables',
      { setVariableData: [{ ...PASSWORD, attributeValue: fresh }] },
      { 'setVariableResult.0.attributeStatus': oneOf('Accepted', 'RebootRequired') },
      'A01.FR.01',
    );
    const reboots = answer.payload.setVariableResult[0]?.attributeStatus === 'RebootRequired';
    if (reboots) await station.call(2, 'Reset', { type: 'Immediate' }, { status: 'Accepted' }, 'B11.FR.01');
    const knock = await station.connectsAgain(3, 60_000, 'A01.FR.11');
    logsIn(t, 3, station, knock, fresh, 'A01.FR.11');
    if (reboots) await boots(t, station, 5);
  }),
  stationCase('TC_A_10_CS', 'A station refuses a password that is too short and keeps the old one', async (t) => {
    const station = await booted(t);
    await station.call(
      1,
      'SetVariables',
      { setVariableData: [{ ...PASSWORD, attributeValue: 'too-short' }] },
      { 'setVariableResult.0.attributeStatus': 'Rejected' },
      'A01.FR.01',
    );
    station.disconnect();
    const knock = await station.connectsAgain(3, 60_000, 'A01.FR.12');
    logsIn(t, 3, station, knock, station.password, 'A01.FR.12');
    await rebooted(t, station, 5);
  }),
];
