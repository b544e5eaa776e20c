import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '@busbar/api';
import { type Role, SETTINGS } from '@busbar/conformance';
import { busbarCsmsDriver, busbarStationDriver, ownServers, QUICK, type Reached } from '@busbar/conformance/node';
import { BusbarError } from '@busbar/runtime';
import { Value } from 'typebox/value';
import { CSMS_WITHOUT, STATION_WITHOUT } from './own-features.ts';
import { type SpawnedCsms, spawnLab, spawnServe } from './spawn.ts';

/** Our own product in a process of its own, on loopback, for the kit. */
export const ownProduct = (role: Role): Promise<Reached> => (role === 'csms' ? ownCsms() : ownStations());

const PATIENCE = { stepMs: 10_000, callMs: 10_000, caseMs: 60_000 } as const;

async function ownCsms(): Promise<Reached> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-check-'));
  const tls = ['--ocpp-tls-port', '0', '--organization', SETTINGS.organization];
  const csms = await spawnServe(folder, ['--test-mode', '--subprotocol-mismatch', 'refuse', '--log-level', 'error', ...tls]);
  const driver = busbarCsmsDriver(`http://127.0.0.1:${csms.httpPort}`, csms.apiKey);
  return {
    driver,
    without: Object.keys(CSMS_WITHOUT),
    settings: PATIENCE,
    address: {
      ws: `ws://127.0.0.1:${csms.ocppPort}/ocpp`,
      wss: `wss://127.0.0.1:${csms.ocppTlsPort}/ocpp`,
      roots: await rootsOf(csms),
    },
    jobs: 8,
    close: async () => {
      await driver.close();
      await csms.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a station needs to trust this CSMS. */
async function rootsOf(csms: SpawnedCsms): Promise<readonly string[]> {
  const answer = await csms.api('GET', '/trust/csms');
  if (!Value.Check(routes.trust.response[200], answer)) throw new BusbarError('internal', 'the CSMS does not tell its roots');
  return answer.certificates.map(({ pem }) => pem);
}

async function ownStations(): Promise<Reached> {
  const lab = await spawnLab();
  const servers = await ownServers({ host: '127.0.0.1', port: 0 });
  const driver = busbarStationDriver(`http://127.0.0.1:${lab.controlPort}`, lab.token);
  return {
    driver,
    without: Object.keys(STATION_WITHOUT),
    settings: { ...PATIENCE, ...QUICK },
    servers,
    jobs: 16,
    close: async () => {
      await driver.close();
      await lab.stop();
      await servers.close();
    },
  };
}
