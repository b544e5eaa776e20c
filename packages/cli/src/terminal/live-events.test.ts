import type { LiveEvent, TransactionNews } from '@busbar/csms';
import { describe, expect, test } from 'vitest';
import { formatEventLine } from './event-line.ts';
import { LiveEvents } from './live-events.ts';

function lines(events: readonly (readonly [atS: number, event: LiveEvent])[]) {
  const live = new LiveEvents();
  const printed = events.flatMap(([atS, event], id) => {
    const line = live.line({ id, at: atS * 1000, event });
    return line ? [formatEventLine(line, { timeZone: 'UTC' })] : [];
  });
  return { printed, totals: live.totals };
}

const NEWS: TransactionNews = {
  evseId: 1,
  connectorId: 1,
  state: 'active',
  chargingState: null,
  startedAt: null,
  energyWh: null,
  powerW: null,
  socPercent: null,
  events: 0,
  bill: 'provisional',
  completeness: 'incomplete',
  missingSeqNos: null,
  stoppedReason: null,
  anomalies: [],
};

const transaction = (kind: 'started' | 'updated' | 'ended' | 'final', detail: Partial<TransactionNews>): LiveEvent => ({
  type: 'transaction',
  stationId: 'DEMO-DC2',
  transactionId: '9f31c6d2-0000',
  kind,
  detail: { ...NEWS, ...detail },
});

describe('what the CSMS tells live', () => {
  test('becomes the story of a session, readings at most every ten seconds', () => {
    const station = { type: 'station', stationId: 'DEMO-DC2' } as const;
    const { printed, totals } = lines([
      [0, { ...station, what: 'connected', detail: { version: 'ocpp2.1' } }],
      [0, { ...station, what: 'boot', detail: { status: 'Accepted', reason: 'PowerUp', model: 'DC duo' } }],
      [1, { type: 'handshake', stationId: 'DEMO-DC3', status: 401, reason: 'wrong password' }],
      [1, { type: 'connector', stationId: 'DEMO-DC2', evseId: 1, connectorId: 1, status: 'Available' }],
      [4, { type: 'connector', stationId: 'DEMO-DC2', evseId: 1, connectorId: 1, status: 'Occupied' }],
      [5, transaction('started', { chargingState: 'EVConnected' })],
      [6, { type: 'authorize', stationId: 'DEMO-DC2', idToken: 'SECRET7C02', status: 'Accepted', ms: 3 }],
      [7, transaction('updated', { chargingState: 'Charging', powerW: 38_000, energyWh: 0, socPercent: 31 })],
      [9, transaction('updated', { chargingState: 'Charging', powerW: 90_000, energyWh: 40, socPercent: 31 })],
      [17, transaction('updated', { chargingState: 'Charging', powerW: 131_600, energyWh: 250, socPercent: 31 })],
      [20, transaction('updated', { chargingState: 'SuspendedEV', powerW: 0, energyWh: 300 })],
      [24, { type: 'command', stationId: 'DEMO-DC2', commandId: 'c', action: 'Reset', state: 'sent' }],
      [
        51,
        transaction('ended', {
          energyWh: 1_166,
          events: 6,
          missingSeqNos: [4],
          bill: 'provisional',
          completeness: 'incomplete',
          stoppedReason: 'Local',
        }),
      ],
      [60, transaction('final', { energyWh: 1_166, events: 7, missingSeqNos: [], bill: 'final', completeness: 'complete' })],
      [60, { type: 'connector', stationId: 'DEMO-DC2', evseId: 1, connectorId: 1, status: 'Available' }],
      [61, { type: 'connector', stationId: 'DEMO-DC2', evseId: 1, connectorId: 1, status: 'Faulted' }],
      [62, { ...station, what: 'disconnected', detail: { code: 1006, reason: '' } }],
    ]);
    expect(printed.map((line) => line.slice(20))).toEqual([
      'connected, ocpp2.1',
      'boot Accepted, DC duo, PowerUp',
      'refused, wrong password (401)',
      'EVSE 1 available',
      'EVSE 1 cable in',
      'EVSE 1 transaction 9f31c6d2 started',
      'token ...7C02 Accepted in 3 ms',
      'EVSE 1 charging, transaction 9f31c6d2        38.0 kW   0.00 kWh  SoC 31 %',
      'EVSE 1                                      131.6 kW   0.25 kWh  SoC 31 %',
      'EVSE 1 paused, SuspendedEV                    0.0 kW   0.30 kWh',
      'EVSE 1 stopped by driver, 6 of 7 events      1.166 kWh              bill provisional',
      'EVSE 1 stopped by driver, 7 of 7 events      1.166 kWh              bill final',
      'EVSE 1 cable out, available',
      'EVSE 1 faulted',
      'disconnected, code 1006',
    ]);
    expect(totals).toEqual({ connected: 0, refused: 1, charging: 0, eventsStored: 6 });
  });

  test('counts who charges', () => {
    const { totals } = lines([[0, transaction('started', { chargingState: 'Charging' })]]);
    expect(totals.charging).toBe(1);
  });
});
