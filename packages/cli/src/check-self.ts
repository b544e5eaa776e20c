import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@busbar/conformance';
import { busbarCsmsDriver, busbarStationDriver, ownServers, QUICK, type Reached } from '@busbar/conformance/node';
import { CSMS_WITHOUT, STATION_WITHOUT } from './own-features.ts';
import { spawnLab, spawnServe } from './spawn.ts';

/** Our own product in a process of its own, on loopback, for the kit. */
export const ownProduct = (role: Role): Promise<Reached> => (role === 'csms' ? ownCsms() : ownStations());

const PATIENCE = { stepMs: 10_000, callMs: 10_000, caseMs: 60_000 } as const;

async function ownCsms(): Promise<Reached> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-check-'));
  const csms = await spawnServe(folder, ['--test-mode', '--subprotocol-mismatch', 'refuse', '--log-level', 'error']);
  const driver = busbarCsmsDriver(`http://127.0.0.1:${csms.httpPort}`, csms.apiKey);
  return {
    driver,
    without: Object.keys(CSMS_WITHOUT),
    settings: PATIENCE,
    address: { ws: `ws://127.0.0.1:${csms.ocppPort}/ocpp` },
    jobs: 8,
    close: async () => {
      await driver.close();
      await csms.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
