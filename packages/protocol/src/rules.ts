import { type Action, existsIn, type RequestOf, type ResponseOf } from './actions.ts';
import { type Leniency, type Repaired, repair } from './lenient.ts';
import { narrow } from './narrow.ts';
import { CallFailure, type RpcError } from './rpc-error.ts';
import { schemaFault } from './schema-fault.ts';
import type { Validate } from './validate.ts';
import { VALUES_201 } from './versions/201.ts';
import type { OcppVersion } from './versions.ts';

type Narrow = (value: unknown, name: string) => unknown;

/** One version's schemas: what may come in, and how what we say in 2.1 is said in it. */
export class VersionRules {
  readonly version: OcppVersion;
  readonly #validators: ReadonlyMap<string, Validate<unknown>>;
  readonly #narrow: Narrow;

  constructor(version: OcppVersion, validators: ReadonlyMap<string, Validate<unknown>>, cut: Narrow) {
    this.version = version;
    this.#validators = validators;
    this.#narrow = cut;
  }

  /** The one place where `unknown` from the wire becomes a typed request; undefined = valid. */
  requestFault(action: Action, payload: unknown): RpcError | undefined {
    return this.#fault(`${action}Request`, payload);
  }

  responseFault(action: Action, payload: unknown): RpcError | undefined {
    return this.#fault(`${action}Response`, payload);
  }

  isRequest<A extends Action>(action: A, payload: unknown): payload is RequestOf<A> {
    return this.#validators.get(`${action}Request`)?.(payload) === true;
  }

  /** An invalid request repaired by the leniencies that are switched on; undefined when it stays invalid (D3). */
  repairRequest(action: Action, payload: unknown, allowed: ReadonlySet<Leniency>): Repaired | undefined {
    const validate = this.#validators.get(`${action}Request`);
    return validate === undefined ? undefined : repair(validate, payload, allowed);
  }

  isResponse<A extends Action>(action: A, payload: unknown): payload is ResponseOf<A> {
    return this.#validators.get(`${action}Response`)?.(payload) === true;
  }

  sendFault(action: string, payload: unknown): RpcError | undefined {
    return this.#fault(action, payload);
  }

  /** What goes on the wire for a request of ours; throws CallFailure when this version cannot say it. */
  outgoingRequest(action: Action, payload: unknown): unknown {
    if (!existsIn(action, this.version)) throw new CallFailure('notInVersion', `${action} does not exist in ${this.version}`);
    return this.#outgoing(`${action}Request`, payload);
  }

  outgoingResponse(action: Action, payload: unknown): unknown {
    return this.#outgoing(`${action}Response`, payload);
  }

  #outgoing(name: string, payload: unknown): unknown {
    const narrowed = this.#narrow(payload, name);
    const fault = this.#fault(name, narrowed);
    if (fault) throw new CallFailure('invalidRequest', `${name} ${fault.message} (${fault.code})`);
    return narrowed;
  }

  #fault(name: string, payload: unknown): RpcError | undefined {
    const validate = this.#validators.get(name);
    if (!validate) throw new Error(`no validator for ${name} in ${this.version}`);
    return validate(payload) ? undefined : schemaFault(validate.errors);
  }
}

const loaded = new Map<OcppVersion, Promise<VersionRules>>();

/** Loads a version's validators, once. */
export function loadRules(version: OcppVersion): Promise<VersionRules> {
  const known = loaded.get(version);
  if (known) return known;
  const loading = version === 'ocpp2.1' ? load21() : load201();
  loaded.set(version, loading);
  return loading;
}

async function load21(): Promise<VersionRules> {
  const validators = await import('../generated/validators-21.js');
  return new VersionRules('ocpp2.1', new Map<string, Validate<unknown>>(Object.entries(validators)), (value) => value);
}

async function load201(): Promise<VersionRules> {
  const [validators, shapes] = await Promise.all([import('../generated/validators-201.js'), import('../generated/shapes-201.js')]);
  return new VersionRules('ocpp2.0.1', new Map<string, Validate<unknown>>(Object.entries(validators)), (value, name) =>
    narrow(value, name, shapes, VALUES_201),
  );
}
