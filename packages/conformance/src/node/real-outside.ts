import { loadRules } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { type Log, makeIds } from '@busbar/runtime';
import { loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import type { Driver } from '../drivers/driver.ts';
import { Inconclusive } from '../expectation.ts';
import type { Door, Outside } from '../outside.ts';
import { tlsProbe } from './tls-probe.ts';

/** The kit's own servers, which a station under test comes to. */
export interface OwnServers {
  door: Outside['door'];
  secureDoor: Outside['secureDoor'];
  page: Outside['page'];
}

const none = (): never => {
  throw new Inconclusive('this run has no CSMS of its own');
};

/** Real time, real sockets. */
export function realOutside(driver: Driver, log: Log, servers?: OwnServers): Outside {
  const network = nodeNetwork();
  return {
    clock: systemClock,
    ids: makeIds(systemRandom, systemClock),
    random: systemRandom,
    log,
    rules: loadRules,
    crypto: loadCrypto,
    dial: (request) => network.dial(request),
    tls: tlsProbe,
    perform: (act) => driver.perform(act),
    door: servers?.door ?? ((): Door => none()),
    secureDoor: servers?.secureDoor ?? none,
    page: servers?.page ?? none,
  };
}
