import type { Act, StationAct, StationLayout } from '../act.ts';
import { Inconclusive, NotApplicable } from '../expectation.ts';
import type { Driver } from './driver.ts';
import { type Api, request } from './request.ts';

/** A process of Busbar stations, by their control API (docs/station-api.md): every case gets a station of its own. */
export function busbarStationDriver(base: string, token: string): Driver {
  const api: Api = { base: `${base.replace(/\/$/, '')}/v1`, token };
  return { name: `busbar ${base}`, perform: (act) => perform(api, act), close: async () => {} };
}

async function perform(api: Api, act: Act): Promise<unknown> {
  switch (act.do) {
    case 'createStation':
      return request(api, 'POST', '/stations', specOf(act));
    case 'removeStation':
      return request(api, 'DELETE', `/stations/${encodeURIComponent(act.stationId)}`, undefined, [404]);
    case 'act':
      return untilItGoes(() => request(api, 'POST', `/stations/${encodeURIComponent(act.stationId)}/${act.verb}`, act.body));
    case 'registerStation':
    case 'setToken':
    case 'call':
    case 'setPassword':
    case 'nextBoot':
    case 'automation':
    case 'renewCertificate':
    case 'trustStations':
      throw new Inconclusive(`a station cannot ${act.do}`);
  }
}

const specOf = (act: Extract<StationAct, { do: 'createStation' }>) => ({
  id: act.stationId,
  url: act.url,
  ...(act.securityProfile === 3 ? {} : { password: act.password }),
  securityProfile: act.securityProfile,
  organization: act.organization,
  ...(act.roots.length === 0 ? {} : { roots: act.roots.map((pem) => ({ kind: 'CSMSRoot', pem })) }),
  ...(act.certificate === undefined ? {} : { clientCert: act.certificate }),
  version: act.version,
  variables: act.variables,
  topology: topologyOf(act.layout),
});

/** A station with everything a case may ask for. */
const topologyOf = ({ evses, cable, parkingSensor = false, display = false }: StationLayout) => ({
  rfid: true,
  pinPad: true,
  selection: display,
  evses: Array.from({ length: evses }, () => ({
    kind: 'AC',
    power: '22 kW',
    parkingSensor,
    startButton: true,
    signedMeter: true,
    connectors: [{ type: cable === 'socket' ? 'sType2' : 'cType2' }],
  })),
});

const PATIENCE_MS = 10_000;
const PULL_MS = 50;

/** A hand pulls until the lock lets go: a conflict with the present state is tried again, a lack of hardware is not. */
async function untilItGoes(pull: () => Promise<unknown>): Promise<unknown> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await pull();
    } catch (error) {
      const locked = error instanceof NotApplicable && error.message.includes('"conflict"');
      if (!locked) throw error;
      if (performance.now() > end) throw new Inconclusive(error.message);
      await new Promise((resolve) => setTimeout(resolve, PULL_MS));
    }
  }
}
