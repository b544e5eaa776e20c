import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { clockTime, eventHeading, formatEventLine, formatTotals, type LineStyle } from './event-line.ts';
import { startScreen } from './start-screen.ts';

const at = Date.UTC(2026, 10, 24, 3, 12, 7);
const utc: LineStyle = { timeZone: 'UTC' };
const base = { at, station: 'DEMO-DC2' };

describe('lines of events', () => {
  test('figures stand in columns', () => {
    expect([
      eventHeading(),
      formatEventLine({ ...base, kind: 'connected', version: 'ocpp2.1', boot: 'Accepted', equipment: '2 EVSE, 150 kW each' }, utc),
      formatEventLine({ ...base, kind: 'refused', status: 401, reason: 'wrong password', note: 'On purpose' }, utc),
      formatEventLine({ ...base, kind: 'note', evseId: 1, text: 'cable in' }, utc),
      formatEventLine({ ...base, kind: 'token', evseId: 1, token: '...7C02', status: 'Accepted', ms: 3 }, utc),
      formatEventLine(
        { ...base, kind: 'charging', evseId: 1, transactionId: '9f31c6d2-aaaa', meter: { powerW: 38_000, energyWh: 0, socPercent: 31 } },
        utc,
      ),
      formatEventLine({ ...base, kind: 'meter', evseId: 1, meter: { powerW: 131_600, energyWh: 250, socPercent: 31.2 } }, utc),
      formatEventLine({ ...base, kind: 'note', evseId: 1, text: 'limit 90 kW by load plan, Accepted', meter: { powerW: 89_400 } }, utc),
      formatEventLine(
        { ...base, kind: 'ended', evseId: 1, by: 'driver', events: 9, ofEvents: 9, energyWh: 1_166, cost: '0.69 EUR', bill: 'final' },
        utc,
      ),
      formatEventLine({ ...base, kind: 'disconnected', reason: 'the power was cut' }, utc),
    ]).toEqual([
      'time      station   event',
      '03:12:07  DEMO-DC2  connected, ocpp2.1, boot Accepted, 2 EVSE, 150 kW each',
      '03:12:07  DEMO-DC2  refused, wrong password (401). On purpose',
      '03:12:07  DEMO-DC2  EVSE 1 cable in',
      '03:12:07  DEMO-DC2  EVSE 1 token ...7C02 Accepted in 3 ms',
      '03:12:07  DEMO-DC2  EVSE 1 charging, transaction 9f31c6d2        38.0 kW   0.00 kWh  SoC 31 %',
      '03:12:07  DEMO-DC2  EVSE 1                                      131.6 kW   0.25 kWh  SoC 31 %',
      '03:12:07  DEMO-DC2  EVSE 1 limit 90 kW by load plan, Accepted    89.4 kW',
      '03:12:07  DEMO-DC2  EVSE 1 stopped by driver, 9 of 9 events      1.166 kWh   0.69 EUR   bill final',
      '03:12:07  DEMO-DC2  disconnected, the power was cut',
    ]);
  });

  test('longer station ids move the columns, longer texts push the figures', () => {
    const long = formatEventLine(
      { at, station: 'STATION-0001', kind: 'meter', evseId: 1, meter: { powerW: 1_000 } },
      { ...utc, stationWidth: 12 },
    );
    expect(long.indexOf('kW')).toBe(74);
    expect(formatEventLine({ ...base, kind: 'note', text: 'x'.repeat(80), meter: { powerW: 1 } }, utc)).toMatch(/x {2}0\.0 kW$/);
  });

  test('colours come only when asked for and leave the text alone', () => {
    const event = { ...base, kind: 'refused', status: 401, reason: 'wrong password' } as const;
    expect(formatEventLine(event, utc)).not.toContain('\u001b');
    const coloured = formatEventLine(event, { ...utc, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(formatEventLine(event, utc));
  });

  test('the time is that of the zone', () => {
    expect(clockTime(at, 'Europe/Berlin')).toBe('04:12:07');
    expect(clockTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('00:00:00');
  });

  test('the bottom line sums up', () => {
    expect(formatTotals({ connected: 2, refused: 1, charging: 0, eventsStored: 21, p99Ms: 4.2 }, false)).toBe(
      '-- 2 connected  1 refused  0 charging  21 events stored, p99 4 ms  q quiet, Ctrl C stops --',
    );
  });
});

test('the first screen says where everything is', () => {
  expect(
    startScreen({
      version: '0.9.0',
      node: '24.21.0',
      sqlite: '3.53.1',
      dataFolder: './data',
      newData: true,
      installedMs: 14_200,
      generatedMs: 1_900,
      listeningMs: 600,
      consoleUrl: 'http://127.0.0.1:8080/?ticket=8f2c-71d0-b44e',
      signIn: { user: 'admin', password: 'moss-quarry-4417-tin' },
      stationUrl: 'ws://127.0.0.1:9000/ocpp',
      unknownStations: 'refused',
      docsUrl: 'http://127.0.0.1:8080/api/docs',
      keyFile: './data/api-key',
      demoStations: 3,
    }),
  ).toBe(`Busbar 0.9.0  Node 24.21.0, SQLite 3.53.1, data in ./data (new)
  installed in 14.2 s, generated in 1.9 s, listening after 0.6 s

  Console   http://127.0.0.1:8080/?ticket=8f2c-71d0-b44e   once, read-only, 10 min
  Sign in   user admin, password moss-quarry-4417-tin   printed once, change it in Settings
  Stations  ws://127.0.0.1:9000/ocpp/STATION-ID   2.0.1 and 2.1, unknown ones are refused
  API       http://127.0.0.1:8080/api/docs   key in ./data/api-key (mode 0600)

  Open to this machine only. To let real stations in: npx busbar serve --host 0.0.0.0
  Ctrl C stops, nothing is lost. Data stays in ./data; remove that folder to begin anew.

Three demo stations start now. They really speak OCPP over TCP; one minute is one minute.
`);
});
