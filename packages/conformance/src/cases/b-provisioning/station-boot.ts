import { formatInstant } from '@busbar/runtime';
import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import { baseReport } from '../../states/report.ts';
import { allConnectorsTell, booted, connectorTells, rebooted, variableOf } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Boot: accepted, pending, rejected (B01–B03); connector states after an outage (B04). */

const THRESHOLD = variableOf('OCPPCommCtrlr.OfflineThreshold');

/** The kit's CSMS answers the first boot so. */
const answersBoot =
  (t: StationTest, status: 'Pending' | 'Rejected', interval: number) =>
  (station: SutStation): void => {
    let first = true;
    station.answers('BootNotification', () => {
      const answer = {
        currentTime: formatInstant(t.now),
        interval: first ? interval : 300,
        status: first ? status : ('Accepted' as const),
      };
      first = false;
      return answer;
    });
  };

export const stationBoot = [
  stationCase('TC_B_01_CS', 'A station boots and tells its connectors', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    await rebooted(t, station, 1);
  }),
  stationCase('TC_B_02_CS', 'While it is pending a station can be read, written and asked to boot again', async (t) => {
    const station = await t.poweredOn({ prepare: answersBoot(t, 'Pending', 60) });
    await station.connects(1);
    await station.take(1, 'BootNotification', {}, { requirements: ['B02.FR.01'] });
    await station.call(
      3,
      'SetVariables',
      { setVariableData: [{ ...THRESHOLD, attributeValue: '300' }] },
      { 'setVariableResult.0.attributeStatus': 'Accepted' },
      'B02.FR.05',
    );
    await station.call(
      5,
      'GetVariables',
      { getVariableData: [THRESHOLD] },
      { 'getVariableResult.0.attributeStatus': 'Accepted', 'getVariableResult.0.attributeValue': '300' },
      'B02.FR.05',
    );
    await baseReport(t, station, 7, 'FullInventory', 'B02.FR.05');
    await station.call(
      11,
      'RequestStartTransaction',
      { idToken: { ...t.token('valid') }, evseId: t.settings.evseId, remoteStartId: 2 },
      { status: 'Rejected' },
      'B02.FR.08',
    );
    const triggered = await station.call(
      13,
      'TriggerMessage',
      { requestedMessage: 'BootNotification' },
      { status: oneOf('Accepted', 'NotImplemented') },
      'F06.FR.17',
    );
    await station.take(15, 'BootNotification', triggered.payload.status === 'Accepted' ? { reason: 'Triggered' } : {}, {
      requirements: ['B02.FR.02'],
      within: 70_000,
    });
    await allConnectorsTell(t, station, 17, 'Available', ['B01.FR.05']);
  }),
  stationCase('TC_B_03_CS', 'A rejected station is silent until its interval is over', async (t) => {
    const intervalS = 2 * t.settings.sampleS;
    const station = await t.poweredOn({ prepare: answersBoot(t, 'Rejected', intervalS) });
    await station.connects(1);
    const first = await station.take(1, 'BootNotification', {}, { requirements: ['B03.FR.02'] });
    const second = await station.take(3, 'BootNotification', {}, { within: (intervalS + 20) * 1000, requirements: ['B03.FR.06'] });
    const waited = second.at - first.at;
    t.that(
      3,
      `it boots again after ${intervalS} s at the earliest`,
      waited >= intervalS * 1000 - 100,
      `${Math.round(waited)} ms`,
      ['B03.FR.06'],
      { entry: second.entry },
    );
    const between = station.letters.map(({ call }) => call).find((call) => call.at > first.at && call.at < second.at);
    t.that(3, 'it says nothing in the meantime', between === undefined, between?.action, ['B03.FR.02'], {
      entry: between?.entry ?? second.entry - 1,
      absent: { action: 'StatusNotification', where: {} },
    });
    await allConnectorsTell(t, station, 5, 'Available', ['B01.FR.05']);
  }),
  stationCase('TC_B_30_CS', 'A rejected station answers nothing but SecurityError', async (t) => {
    const station = await t.poweredOn({ prepare: answersBoot(t, 'Rejected', 60) });
    await station.connects(1);
    await station.take(1, 'BootNotification');
    if (!station.connected) {
      t.reading('the station hangs up while it is rejected');
      t.that(4, 'a rejected station answers nothing', true, '', ['B03.FR.08']);
      return;
    }
    const answer = await station.callOrError(3, 'GetBaseReport', { requestId: 30, reportBase: 'FullInventory' });
    const code = 'code' in answer ? answer.code : 'CALLRESULT';
    t.that(4, 'the CALLERROR is SecurityError', code === 'SecurityError', code, ['B03.FR.08'], { entry: answer.entry, path: 'code' });
  }),
  stationCase('TC_B_51_CS', 'Away longer than OfflineThreshold: all connectors are told', async (t) => {
    const thresholdS = 1;
    const station = await booted(t, { layout: { evses: 2 }, variables: { 'OCPPCommCtrlr.OfflineThreshold': String(thresholdS) } });
    station.offline();
    await station.does('plug', { evse: t.settings.evseId, connector: t.settings.connectorId });
    await t.pass((thresholdS + 2) * 1000, 'the station is offline longer than OfflineThreshold (B04.FR.01)');
    station.online();
    await station.connects(3, 60_000);
    await connectorTells(t, station, 4, 'Occupied', { requirements: ['B04.FR.01'] });
    await connectorTells(t, station, 4, 'Available', { evseId: 2, connectorId: 1, requirements: ['B04.FR.01'] });
  }),
  stationCase('TC_B_52_CS', 'Away shorter than OfflineThreshold: only what changed is told', async (t) => {
    const station = await booted(t, { layout: { evses: 2 }, variables: { 'OCPPCommCtrlr.OfflineThreshold': '600' } });
    station.offline();
    await station.does('plug', { evse: t.settings.evseId, connector: t.settings.connectorId });
    station.online();
    await station.connects(3, 60_000);
    await connectorTells(t, station, 4, 'Occupied', { requirements: ['B04.FR.02'] });
    await station.silence(4, t.settings.silenceS, 'StatusNotification', { evseId: 2 }, 'B04.FR.02');
    const needless = station.since('StatusNotification').find(({ payload }) => payload.evseId === 2);
    t.that(
      4,
      'the connector that did not change is not told',
      needless === undefined,
      needless?.payload,
      ['B04.FR.02'],
      needless && { entry: needless.entry },
    );
  }),
  stationCase('TC_B_57_CS', 'After a lost connection the wait grows, and is short again after a success', async (t) => {
    const waitS = 2;
    const station = await booted(t, {
      variables: {
        'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '3',
        'OCPPCommCtrlr.RetryBackOffRepeatTimes': '2',
        'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
        'OCPPCommCtrlr.RetryBackOffWaitMinimum': String(waitS),
      },
    });
    const lost = (): number => {
      station.disconnect();
      return t.trace.elapsed;
    };
    const firstLoss = lost();
    const first = await station.connectsAgain(2, (waitS + 20) * 1000, 'Part 4');
    afterAtLeast(t, 2, first.at - firstLoss, waitS, first.entry);
    station.knocked = () => ({ kind: 'refuse', status: 503, reason: 'the case wants it so' });
    const secondLoss = lost();
    const refused = await station.knocksAgain(5, (waitS + 20) * 1000, 'Part 4');
    const short = refused.at - secondLoss;
    afterAtLeast(t, 5, short, waitS, refused.entry);
    t.that(5, 'after a success the wait is short again', short < 2 * waitS * 1000 + 1000, `${Math.round(short)} ms`, ['Part 4'], {
      entry: refused.entry,
    });
    station.knocked = () => 'accept';
    const accepted = await station.connectsAgain(7, (2 * waitS + 20) * 1000, 'Part 4');
    afterAtLeast(t, 7, accepted.at - refused.at, 2 * waitS, accepted.entry);
  }),
];

function afterAtLeast(t: StationTest, step: number, waitedMs: number, leastS: number, entry: number): void {
  t.that(step, `it waits at least ${leastS} s`, waitedMs >= leastS * 1000 - 100, `${Math.round(waitedMs)} ms`, ['Part 4'], { entry });
}
