import { readFileSync } from 'node:fs';
import { BusbarError, messageOf } from '@busbar/runtime';
import { demoTopologies, parseTopology, type StationLayout } from '@busbar/station/hardware';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';

const Range = Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })]);

/** What a fleet is made of; every part has a default. */
export const FleetProfile = Type.Object(
  {
    pattern: Type.Optional(Type.Union([Type.Literal('commuter'), Type.Literal('highway'), Type.Literal('depot')])),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    versions: Type.Optional(Type.Array(Type.Union([Type.Literal('ocpp2.0.1'), Type.Literal('ocpp2.1')]), { minItems: 1 })),
    deflate: Type.Optional(Type.Boolean()),
    prefix: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,30}$' })),
    /** As in a topology file of `busbar station`; taken in turn. */
    topologies: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1 })),
    variables: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Seconds, instead of the pattern's own. */
    chargeS: Type.Optional(Range),
    pauseS: Type.Optional(Range),
  },
  { additionalProperties: false },
);
export type FleetProfile = Static<typeof FleetProfile>;

export interface Fleet extends Required<Omit<FleetProfile, 'chargeS' | 'pauseS' | 'topologies'>>, Pick<FleetProfile, 'chargeS' | 'pauseS'> {
  readonly layouts: readonly StationLayout[];
}

const TOPOLOGY = { commuter: 'acSinglePhase', highway: 'dc150', depot: 'acThreePhase' } as const;

/** A profile file, YAML or JSON, with what is not in it filled in. */
export function readProfile(path: string | undefined): Fleet {
  const { topologies, ...given } = path === undefined ? {} : parsed(path);
  const pattern = given.pattern ?? 'commuter';
  return {
    seed: 1,
    versions: ['ocpp2.0.1'],
    deflate: false,
    prefix: 'FLEET',
    layouts: (topologies ?? [demoTopologies[TOPOLOGY[pattern]]]).map((topology) => parseTopology(topology).layout),
    variables: {},
    ...given,
    pattern,
  };
}

function parsed(path: string): FleetProfile {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    throw new BusbarError('invalid-configuration', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (Value.Check(FleetProfile, value)) return value;
  const [error] = Value.Errors(FleetProfile, value);
  throw new BusbarError('invalid-configuration', `${path}: ${error?.instancePath || '/'} ${error?.message ?? 'is not valid'}.`);
}
