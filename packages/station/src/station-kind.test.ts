import { EVSE, OCPPCommCtrlr } from '@busbar/protocol/device-model';
import { MemoryJournal, VirtualClock, VirtualDisk } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import type { StationConfig } from './config.ts';
import { DeviceModel } from './device-model.ts';
import { demoTopologies, parseTopology } from './hardware/topology.ts';
import { Memory } from './memory.ts';
import { kindOf, VariableTables } from './station-kind.ts';

const config = (more: Partial<StationConfig> = {}): StationConfig => ({ identity: 'CS-1', csmsUrl: 'ws://csms/ocpp', ...more });
const hardware = (topology: unknown = demoTopologies.acSinglePhase) => ({ layout: parseTopology(topology).layout });
const memory = (disk = new VirtualDisk()): Memory => new Memory(new MemoryJournal(new VirtualClock(), disk), () => undefined);

test('stations of one kind share their variables; each has values of its own', () => {
  const tables = new VariableTables();
  const [first, second] = ['CS-1', 'CS-2'].map((identity) => tables.of(kindOf(config({ identity }), hardware(), false)));
  if (first === undefined || second === undefined) throw new Error('no table');
  expect(first).toBe(second);
  const [one, other] = [new DeviceModel(first, memory()), new DeviceModel(second, memory())];
  const found = one.lookup({ name: 'OCPPCommCtrlr' }, { name: 'HeartbeatInterval' });
  if (found.kind !== 'found') throw new Error('no HeartbeatInterval');
  const before = other.number(OCPPCommCtrlr.HeartbeatInterval);
  one.setting(found.definition, '17').apply();
  expect([one.number(OCPPCommCtrlr.HeartbeatInterval), other.number(OCPPCommCtrlr.HeartbeatInterval)]).toEqual([17, before]);
});

test('whatever the variables depend on makes another kind', () => {
  const tables = new VariableTables();
  const plain = tables.of(kindOf(config(), hardware(), false));
  const profile = {
    ocppCsmsUrl: 'ws://other/ocpp',
    ocppInterface: 'Wired0',
    ocppTransport: 'JSON',
    ocppVersion: 'OCPP20',
    messageTimeout: 30,
    securityProfile: 1,
  } as const;
  const others = [
    kindOf(config(), hardware(demoTopologies.dc150), false),
    kindOf(config(), hardware(), true),
    kindOf(config({ variables: { 'TxCtrlr.EVConnectionTimeOut': '5' } }), hardware(), false),
    kindOf(config({ organization: 'Other' }), hardware(), false),
    kindOf(config({ evseReset: false }), hardware(), false),
    kindOf(config({ dataTransfer: { vendor: { messages: {} } } }), hardware(), false),
    kindOf(config({ networkProfiles: [{ slot: 2, profile }] }), hardware(), false),
  ].map((kind) => tables.of(kind));
  expect(new Set([plain, ...others]).size).toBe(8);
  expect(others[4]?.get(EVSE.AllowReset, { evse: 1 })?.initial).toBe('false');
});

test('what a report of a variable will take is known without making it', () => {
  const table = new VariableTables().of(kindOf(config(), hardware(demoTopologies.acThreePhase), true));
  for (const definition of table.all('ocpp2.1'))
    for (const value of ['', 'true', 'a "quoted" \u0001 text'])
      expect(definition.reportBytes(value)).toBe(JSON.stringify(definition.report(value)).length);
});
