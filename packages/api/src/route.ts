import type { TSchema } from 'typebox';

/** Who may do what; each may also do what those before it may. */
export const ROLES = ['viewer', 'installer', 'operator', 'admin'] as const;
/**
 * viewer: looks. installer: registers stations, configures and tries them. operator: money, drivers and sessions besides.
 * admin: people, keys, trust, what leaves the house.
 */
export type Role = (typeof ROLES)[number];

export const mayAs = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs);

/** A route as data: the server registers from it, clients type themselves by it. */
export interface Contract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body is bytes, not JSON. */
  readonly bytes?: true;
  /** The body is lines (application/x-ndjson). */
  readonly lines?: true;
  /** The body may be CSV as well. */
  readonly csv?: true;
  readonly response?: Readonly<Record<number, TSchema>>;
}

/** A route of the CSMS. */
export interface Route extends Contract {
  /** The least role that may use it; `anyone` needs no sign-in. */
  readonly role: Role | 'anyone';
  /**
   * Somebody who may see some sites only gets those. A route with `:stationId` is for his stations anyway; one that has
   * neither is refused to him.
   */
  readonly perSite?: true;
}
