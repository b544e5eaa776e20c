import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busbarCsmsDriver, type Reached } from '@busbar/conformance/node';
import { spawnServe } from './demo-once.ts';

/** Our own CSMS in a process of its own, on loopback, for the kit. */
export async function ownCsms(): Promise<Reached> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-check-'));
  const csms = await spawnServe(folder, ['--test-mode', '--subprotocol-mismatch', 'refuse', '--log-level', 'error']);
  const key = readFileSync(join(folder, 'api-key'), 'utf8').trim();
  const driver = busbarCsmsDriver(`http://127.0.0.1:${csms.httpPort}`, key);
  return {
    driver,
    settings: { stepMs: 10_000, callMs: 10_000, caseMs: 60_000 },
    address: { ws: `ws://127.0.0.1:${csms.ocppPort}/ocpp` },
    jobs: 8,
    close: async () => {
      await driver.close();
      csms.process.kill('SIGTERM');
      await new Promise((resolve) => csms.process.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
