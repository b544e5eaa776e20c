import { Type } from 'typebox';
import { closed, Id } from './fields.ts';
import type { Route } from './route.ts';
import type { stationVerbs } from './station-control.ts';

export const VIRTUAL_KINDS = ['acSinglePhase', 'acThreePhase', 'dc150'] as const;
const Kind = Type.Enum([...VIRTUAL_KINDS]);

/** A simulated station that this server runs for demos and training. */
export const VirtualStation = Type.Object({
  stationId: Id,
  kind: Kind,
  drivers: Type.Boolean({ description: 'people come and go by themselves' }),
});

/** What its hands can do from here: the verbs of a station's control API. */
export const VIRTUAL_VERBS = [
  'plug',
  'unplug',
  'presentToken',
  'lock',
  'injectFault',
  'clearFault',
  'cutPower',
  'restorePower',
  'reboot',
  'link',
  'evState',
  'evStop',
] as const satisfies readonly (keyof typeof stationVerbs)[];

/** Never mixed up with real ones: they are marked, and counted in no figure while there are others. */
export const virtualRoutes = {
  listVirtual: {
    method: 'GET',
    path: '/virtual',
    role: 'viewer',
    summary: 'Simulated stations of this server',
    response: { 200: Type.Array(VirtualStation) },
  },
  addVirtual: {
    method: 'POST',
    path: '/virtual',
    role: 'operator',
    summary: 'Adds simulated stations, which connect like any other; with drivers somebody comes now and then',
    body: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 50 }), kind: Kind, drivers: Type.Optional(Type.Boolean()) }, closed),
    response: { 201: Type.Array(VirtualStation) },
  },
  virtualFacts: {
    method: 'GET',
    path: '/virtual/:stationId',
    role: 'viewer',
    summary: 'How it stands: cables, contactors, meters, faults',
    params: Type.Object({ stationId: Id }),
    response: { 200: Type.Record(Type.String(), Type.Unknown()) },
  },
  actVirtual: {
    method: 'POST',
    path: '/virtual/:stationId/:verb',
    role: 'operator',
    summary: 'Does with it what hands would do: plug, presentToken, injectFault, cutPower, link … (docs/station-api.md)',
    params: Type.Object({ stationId: Id, verb: Type.Enum([...VIRTUAL_VERBS]) }),
    body: Type.Record(Type.String(), Type.Unknown()),
    response: { 200: Type.Record(Type.String(), Type.Unknown()) },
  },
  removeVirtual: {
    method: 'DELETE',
    path: '/virtual/:stationId',
    role: 'operator',
    summary: 'Stops it and takes it out of the fleet; its sessions stay',
    params: Type.Object({ stationId: Id }),
  },
} as const satisfies Record<string, Route>;
