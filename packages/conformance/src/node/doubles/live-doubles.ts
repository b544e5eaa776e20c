import { makeIds, silentLog } from '@busbar/runtime';
import { loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import type { Act } from '../../act.ts';
import { TestAuthority } from '../../authority.ts';
import { CASES } from '../../cases/index.ts';
import type { Driver } from '../../drivers/driver.ts';
import { runCase } from '../../run-case.ts';
import { QUICK, SETTINGS } from '../../settings.ts';
import { ownServers } from '../own-servers.ts';
import { realOutside } from '../real-outside.ts';
import { CarelessStation, type StationFlaw } from './careless-station.ts';
import { type CsmsFlaw, yesManCsms } from './yes-man-csms.ts';

/** A case whose fault lies in the transport, run live against something broken on purpose. */
export interface DoubleAudit {
  readonly id: string;
  readonly flaw: string;
  /** The case has to fail. */
  readonly verdict: string;
}

const CSMS_FLAWS: Readonly<Record<CsmsFlaw, readonly string[]>> = {
  'lets everybody in': ['TC_A_02_CSMS', 'TC_A_03_CSMS', 'TC_A_08_CSMS'],
  'speaks TLS 1.1': ['TC_A_06_CSMS'],
  'has no certificate with an EC key': ['TC_A_04_CSMS', 'TC_A_07_CSMS'],
  'shows the name of another server': ['TC_A_04_CSMS'],
};
const STATION_FLAWS: Readonly<Record<StationFlaw, readonly string[]>> = {
  'trusts every server': ['TC_A_05_CS'],
  'speaks TLS 1.1': ['TC_A_06_CS'],
  'knows one cipher suite': ['TC_A_04_CS'],
};

const entries = <K extends string>(map: Readonly<Record<K, readonly string[]>>): readonly (readonly [K, readonly string[]])[] =>
  keysOf(map).map((key) => [key, map[key]]);
const keysOf = <K extends string>(map: Readonly<Record<K, unknown>>): readonly K[] => {
  const isKey = (key: string): key is K => key in map;
  return Object.keys(map).filter(isKey);
};

/** Runs them all; each should fail. */
export async function auditDoubles(): Promise<readonly DoubleAudit[]> {
  const audits: DoubleAudit[] = [];
  for (const [flaw, ids] of entries(CSMS_FLAWS)) audits.push(...(await againstCsms(flaw, ids)));
  for (const [flaw, ids] of entries(STATION_FLAWS)) audits.push(...(await againstStation(flaw, ids)));
  return audits;
}

const serial = (): string => makeIds(systemRandom, systemClock).uuid4().replaceAll('-', '').replace(/^./, '1');

async function againstCsms(flaw: CsmsFlaw, ids: readonly string[]): Promise<readonly DoubleAudit[]> {
  const crypto = await loadCrypto();
  const authority = new TestAuthority({ crypto, now: systemClock.now(), serial, organization: SETTINGS.organization, name: 'Doubles' });
  const double = await yesManCsms(flaw, authority);
  const driver: Driver = { name: 'double', perform: async () => undefined, close: async () => {} };
  try {
    return await run(flaw, ids, realOutside(driver, silentLog), { address: double.address });
  } finally {
    await double.close();
  }
}

async function againstStation(flaw: StationFlaw, ids: readonly string[]): Promise<readonly DoubleAudit[]> {
  const servers = await ownServers({ host: '127.0.0.1', port: 0 });
  const stations = new Map<string, CarelessStation>();
  const perform = async (act: Act): Promise<void> => {
    if (act.do === 'createStation') stations.set(act.stationId, new CarelessStation(flaw, act));
    if (act.do === 'removeStation') stations.get(act.stationId)?.close();
  };
  try {
    return await run(flaw, ids, realOutside({ name: 'double', perform, close: async () => {} }, silentLog, servers), {});
  } finally {
    for (const station of stations.values()) station.close();
    await servers.close();
  }
}

async function run(
  flaw: string,
  ids: readonly string[],
  outside: Parameters<typeof runCase>[1],
  where: Pick<Parameters<typeof runCase>[2], 'address'>,
): Promise<readonly DoubleAudit[]> {
  const settings = { ...SETTINGS, ...QUICK, stepMs: 10_000, callMs: 10_000, caseMs: 60_000 };
  const audits: DoubleAudit[] = [];
  for (const id of ids) {
    const testCase = CASES.get(id);
    if (testCase === undefined) continue;
    const { verdict } = await runCase(testCase, outside, { settings, ...where });
    audits.push({ id, flaw, verdict });
  }
  return audits;
}
