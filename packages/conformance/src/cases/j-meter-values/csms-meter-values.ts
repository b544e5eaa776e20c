import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import {
  authorized,
  booted,
  type Context,
  charging,
  energyTransferStarted,
  evConnectedPostSession,
  evConnectedPreSession,
  evDisconnected,
  reading,
  stopAuthorized,
} from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** Meter values outside and inside transactions (J01, J02). The kit's station dates its readings apart instead of waiting. */

const INTERVAL_MS = 60_000;
const ROUNDS = [0, 1, 2];

/** Clock-aligned readings of the EVSEs without a transaction, three rounds of them. */
async function aligned(t: CsmsTest, station: ToolStation, evses: readonly number[]): Promise<void> {
  const first = Math.floor(t.now / INTERVAL_MS) * INTERVAL_MS;
  for (const round of ROUNDS)
    for (const evseId of evses)
      await station.send(1, 'MeterValues', {
        evseId,
        meterValue: [reading(t, 100 + round, 'Sample.Clock', { at: first + round * INTERVAL_MS })],
      });
}

const endsWith = (id: string, title: string, context: Context, signed: boolean) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await stopAuthorized(tx, 1);
    await evConnectedPostSession(tx, 1);
    const began = t.now;
    await evDisconnected(t, station, tx, 1, {
      meterValue: [
        ...ROUNDS.map((round) => reading(t, 1000 + round * 100, context, { at: began + round * 1000, signed })),
        reading(t, 1400, 'Transaction.End', { at: began + 3000, signed }),
      ],
    });
  });

export const csmsMeterValues = [
  csmsCase('TC_J_01_CSMS', 'Clock-aligned readings of an idle station', async (t) => {
    await aligned(t, await booted(t), [0, 1, 2]);
  }),
  csmsCase('TC_J_02_CSMS', 'Clock-aligned readings while one EVSE charges', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await aligned(t, station, [0, 2]);
    for (const round of ROUNDS)
      await tx.event(3, { triggerReason: 'MeterValueClock', meterValue: [reading(t, 300 + round, 'Sample.Clock', { at: t.now + round })] });
  }),
  endsWith('TC_J_03_CSMS', 'Clock-aligned readings that come with the end', 'Sample.Clock', false),
  endsWith('TC_J_04_CSMS', 'Signed clock-aligned readings that come with the end', 'Sample.Clock', true),
  csmsCase('TC_J_07_CSMS', 'The first reading comes with the start', async (t) => {
    const station = await booted(t);
    await evConnectedPreSession(t, station, t.transaction(station), 1, { meterValue: [reading(t, 0, 'Transaction.Begin')] });
  }),
  csmsCase('TC_J_08_CSMS', 'The first reading comes once the EVSE is known', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await authorized(t, station, tx, 1);
    await evConnectedPreSession(t, station, tx, 2, { meterValue: [reading(t, 0, 'Transaction.Begin')] });
    await energyTransferStarted(t, station, tx, 3);
  }),
  csmsCase('TC_J_09_CSMS', 'Readings while energy flows', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    for (const round of ROUNDS)
      await tx.event(1, {
        triggerReason: 'MeterValuePeriodic',
        meterValue: [reading(t, 200 + round, 'Sample.Periodic', { at: t.now + round })],
      });
  }),
  endsWith('TC_J_10_CSMS', 'Sampled readings that come with the end', 'Sample.Periodic', false),
  endsWith('TC_J_11_CSMS', 'Signed sampled readings that come with the end', 'Sample.Periodic', true),
];
