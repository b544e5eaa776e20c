import type { Act } from '../act.ts';
import { Inconclusive } from '../expectation.ts';
import type { Driver } from './driver.ts';
import { type Api, request } from './request.ts';

/** A Busbar CSMS, by its REST interface (docs/rest.md). It has to run with --test-mode for overrides of boots. */
export function busbarCsmsDriver(base: string, token: string): Driver {
  const api: Api = { base: `${base.replace(/\/$/, '')}/api/v1`, token };
  return { name: `busbar ${base}`, perform: (act) => perform(api, act), close: async () => {} };
}

const at = (stationId: string): string => `/stations/${encodeURIComponent(stationId)}`;

async function perform(api: Api, act: Act): Promise<unknown> {
  switch (act.do) {
    case 'registerStation': {
      const { stationId, do: _do, ...rest } = act;
      await request(api, 'POST', '/stations', { id: stationId, ...rest });
      return request(api, 'PUT', `${at(stationId)}/test-mode`, { automation: 'off' });
    }
    case 'removeStation':
      return request(api, 'DELETE', at(act.stationId), undefined, [409, 404]);
    case 'setToken':
      return request(api, 'PUT', `/tokens/${act.type}/${encodeURIComponent(act.idToken)}`, act.token);
    case 'call':
      return request(api, 'POST', `${at(act.stationId)}/calls/${act.action}?wait=0`, act.payload, [202]);
    case 'setPassword':
      return request(api, 'POST', `${at(act.stationId)}/password`, { password: act.password }, [202]);
    case 'nextBoot':
      return request(api, 'PUT', `${at(act.stationId)}/test-mode`, { nextBoot: act.boots });
    case 'automation':
      await request(api, 'PUT', `${at(act.stationId)}/test-mode`, { automation: 'on' });
      return request(api, 'PATCH', at(act.stationId), {
        automations: { onboardingInventory: false, gapQuery: false, bootQuery: false, [act.name]: act.on },
      });
    case 'renewCertificate':
      return request(api, 'POST', `${at(act.stationId)}/renew-certificate`, {}, [202]);
    case 'trustStations':
      return request(api, 'POST', '/trust/station', { pem: act.pem });
    case 'createStation':
    case 'act':
      throw new Inconclusive(`a CSMS cannot ${act.do}`);
  }
}
