import type { Act } from '../act.ts';
import type { Driver } from './driver.ts';
import { request } from './request.ts';

/**
 * The contract that any vendor can implement (docs/conformance.md): `POST {base}/{do}` with the act as JSON.
 * 2xx = done, 409 = the system has no such thing (the case is then not applicable), anything else = inconclusive.
 */
export const httpDriver = (base: string, token: string | undefined): Driver => ({
  name: `http ${base}`,
  perform: (act: Act) => request({ base: base.replace(/\/$/, ''), token }, 'POST', `/${act.do}`, act),
  close: async () => {},
});
