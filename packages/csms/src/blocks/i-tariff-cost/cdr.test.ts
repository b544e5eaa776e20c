import { Cost, ChargeDetailRecord as Schema } from '@busbar/api';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { costView } from '../../http/tariff-routes.ts';
import { event } from '../../testing/events.ts';
import { TestCsms } from '../../testing/test-csms.ts';
import type { ChargeDetailRecord } from './cdr.ts';
import { csvHeader, csvLine } from './cdr-csv.ts';
import { type CdrFilter, exportCdrs } from './cdr-export.ts';
import { TariffUseCases } from './tariff-use-cases.ts';

const AT = 1_800_000_000_000; // 2027-01-15T08:00:00Z

async function listed(records: AsyncIterable<ChargeDetailRecord>): Promise<ChargeDetailRecord[]> {
  const all: ChargeDetailRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

async function withTransactions() {
  const csms = await TestCsms.start();
  const { kernel } = csms.csms;
  const station = await csms.station('CS1');
  const desk = new TariffUseCases(kernel);
  await csms.settle(desk.patchSite(1, { name: 'Harbour', zone: 'Asia/Kolkata' }, 'ada'));
  await csms.settle(desk.put('t', { name: 'T', currency: 'INR', periods: [{ perKWh: '10.5' }], vatPercent: '18' }, undefined, 'ada'));
  await csms.settle(desk.assign('site', '1', 't', undefined, 'ada'));
  const begin = Math.max(AT, csms.clock.now());
  const idToken = { type: 'ISO14443', idToken: '=cmd()' };
  for (const [txid, minute, end] of [
    ['a', 0, 'Ended'],
    ['b', 60, 'Ended'],
    ['c', 120, 'Updated'],
  ] as const) {
    const at = begin + minute * 60_000;
    await station.call('TransactionEvent', event('Started', 0, { txid, at, wh: 0, idToken, evse: { id: 2, connectorId: 1 } }));
    await station.call('TransactionEvent', event(end, txid === 'b' ? 2 : 1, { txid, at: at + 600_000, wh: 1397.5 }));
  }
  const all = async (filter: CdrFilter = {}): Promise<ChargeDetailRecord[]> => csms.settle(listed(exportCdrs(kernel, filter)));
  return { csms, all, begin };
}

test('a charge detail record holds exact energy and money, UTC and the clock of the site', async () => {
  const { csms, all, begin } = await withTransactions();
  const [first, ...others] = await all();
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    stationId: 'CS1',
    transactionId: 'a',
    evseId: 2,
    connectorId: 1,
    site: 'Harbour',
    zone: 'Asia/Kolkata',
    energyWh: '1397.5',
    energyKWh: '1.3975',
    durationS: '600',
    idleS: '0',
    bill: 'final',
    completeness: 'complete',
    missingSeqNos: 0,
    tariff: { id: 't', version: 1 },
    currency: 'INR',
    sums: { energy: '14.67375', time: '0', session: '0', idle: '0', vat: '2.641275' },
    total: '17.315025',
  });
  expect(first?.startedAtLocal).toMatch(/\+05:30$/);
  expect(Date.parse(first?.startedAtLocal ?? '')).toBe(begin);
  expect([...Value.Errors(Schema, first)]).toEqual([]);
  const record = await csms.csms.kernel.read.transaction(csms.row('CS1'), 'a');
  if (record === undefined) throw new Error('no transaction');
  const cost = await csms.csms.kernel.prices.cost({ row: csms.row('CS1'), identity: 'CS1', site: 1 }, record);
  expect([...Value.Errors(Cost, cost && costView(cost))]).toEqual([]);
});

test('provisional ones come only when asked for, with what is missing; never one that goes on', async () => {
  const { all } = await withTransactions();
  const records = await all({ provisional: true });
  expect(records.map(({ transactionId, bill, missingSeqNos }) => [transactionId, bill, missingSeqNos])).toEqual([
    ['a', 'final', 0],
    ['b', 'provisional', 1],
  ]);
});

test('a span of time, a station and a cursor choose', async () => {
  const { all, begin, csms } = await withTransactions();
  const ids = async (filter: CdrFilter) => (await all({ provisional: true, ...filter })).map(({ transactionId }) => transactionId);
  expect(await ids({ since: begin + 600_001 })).toEqual(['b']);
  expect(await ids({ until: begin + 600_001 })).toEqual(['a']);
  expect(await ids({ station: csms.row('CS1') })).toEqual(['a', 'b']);
  expect(await ids({ station: 99 })).toEqual([]);
  const [first] = await all();
  expect(await ids({ cursor: first?.cursor ?? 0 })).toEqual(['b']);
});

test('CSV: RFC 4180, a header, numbers stay numbers, and what a driver chose runs no formula', async () => {
  const { all } = await withTransactions();
  const [first] = await all();
  if (first === undefined) throw new Error('no record');
  const odd = { ...first, transactionId: 'a,"b"\n', stationId: '-CS1', group: '\tx', site: 'A, B', energyWh: '-1' };
  const names = csvHeader().trimEnd().split(',');
  const cells = csvLine(first).trimEnd().split(',');
  const cell = (name: string) => cells[names.indexOf(name)];
  expect(cells).toHaveLength(names.length);
  expect([cell('idToken'), cell('energyKWh'), cell('total'), cell('group')]).toEqual(["'=cmd()", '1.3975', '17.315025', '']);
  expect(csvLine(odd)).toMatch(/^'-CS1,"a,""b""\n",1,2,1,"A, B",/);
  expect(csvLine(odd)).toMatch(/,'\tx,-1,/);
  expect(csvLine(odd).endsWith('\r\n')).toBe(true);
});
