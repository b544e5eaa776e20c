import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusbarError, isRecord } from '@busbar/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiClient } from '../api-client.ts';
import { readServeConfig } from '../config-examine.ts';
import { type RunningCsms, startCsms } from '../serve.ts';
import { Acknowledged } from './acknowledged.ts';
import { fleetCommand } from './command.ts';
import { compare } from './compare.ts';
import { readProfile } from './profile.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let folder: string;
let csms: RunningCsms;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-fleet-'));
  csms = await startCsms(
    readServeConfig({ data: join(folder, 'data'), ocppPort: '0', httpPort: '0', logLevel: 'silent', onboardingInventory: false }, {}),
  );
});
afterAll(async () => {
  await csms.close();
  rmSync(folder, { recursive: true, force: true });
});

const profile = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('ten stations in a hurry: everything that was acknowledged is there, event by event and mWh by mWh', async () => {
  let [said, lines, ran] = ['', 0, 0];
  const quick =
    'pattern: highway\nseed: 7\nchargeS: [60, 120]\npauseS: [0, 60]\nversions: [ocpp2.0.1, ocpp2.1]\nvariables:\n  SampledDataCtrlr.TxUpdatedInterval: "1"\n';
  const exit = await fleetCommand(
    {
      count: 10,
      url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`,
      profile: profile('quick.yaml', quick),
      rampS: 0.5,
      durationS: 6,
      speed: 60,
      api: `http://127.0.0.1:${csms.ports.http}`,
      apiKey: csms.apiKey,
      json: true,
    },
    {
      write: (text) => (said += text),
      show: (shown) => (lines += shown.length),
      stopped: new Promise(() => undefined),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: () => performance.now(),
      allRun: () => (ran += 1),
    },
  );
  const result: unknown = JSON.parse(said);
  expect(result).toMatchObject({
    count: 10,
    seed: 7,
    pattern: 'highway',
    differences: [],
    stations: { accepted: 10, queued: 0, refused: 0 },
  });
  expect(exit).toBe(0);
  if (!isRecord(result) || !isRecord(result['stations'])) throw new Error('no result');
  const { transactions, events, energyWh } = result['stations'];
  expect(result['csms']).toEqual({ transactions, events, energyWh });
  expect(Number(transactions)).toBeGreaterThanOrEqual(10);
  expect(Number(energyWh)).toBeGreaterThan(0);
  expect(lines).toBeGreaterThan(2);
  expect(ran).toBe(1);
});

test('a transaction or an event that the CSMS lost is told', async () => {
  const account = new Acknowledged();
  const info = '"transactionInfo":{"transactionId":"gone"}';
  account.hear(
    frame(
      'out',
      `[2,"1","TransactionEvent",{"eventType":"Started","seqNo":0,${info},"meterValue":[{"sampledValue":[{"value":1.5,"unitOfMeasure":{"unit":"kWh"}}]}]}]`,
    ),
  );
  account.hear(frame('in', '[3,"1",{}]'));
  account.hear(frame('out', `[2,"2","TransactionEvent",{"eventType":"Updated","seqNo":1,${info}}]`));
  account.hear(frame('in', '[4,"2","InternalError","",{}]'));
  account.hear(
    frame('out', `[2,"3","TransactionEvent",{"eventType":"Ended","seqNo":2,${info},"meterValue":[{"sampledValue":[{"value":1700.25}]}]}]`),
  );
  expect(account.transactions()).toMatchObject([{ seqNos: new Set([0]), ended: false, energyMWh: 0 }]);
  account.hear(frame('in', '[3,"3",{}]'));
  const [tx] = account.transactions();
  expect(tx).toMatchObject({ seqNos: new Set([0, 2]), ended: true, energyMWh: 200_250 });
  expect([account.events, account.refused]).toEqual([2, 1]);
  if (tx === undefined) throw new Error('no transaction');
  const api = new ApiClient({ url: `http://127.0.0.1:${csms.ports.http}` }, { BUSBAR_API_KEY: csms.apiKey });
  expect((await compare(api, [['FLEET-00001', tx]])).differences).toEqual(['FLEET-00001 gone: not there']);
});

const frame = (direction: 'in' | 'out', text: string) => ({ kind: 'frame', at: 0, direction, text }) as const;

test('a profile is checked, and says where it is wrong', () => {
  expect(readProfile(undefined)).toMatchObject({ pattern: 'commuter', seed: 1, prefix: 'FLEET' });
  expect(readProfile(profile('a.json', '{"pattern":"depot","seed":3}'))).toMatchObject({ pattern: 'depot', seed: 3 });
  for (const text of ['pattern: motorway', 'sed: 1', 'versions: []', ': :'])
    expect(() => readProfile(profile('bad.yaml', text))).toThrow(BusbarError);
});
