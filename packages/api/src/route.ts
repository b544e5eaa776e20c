import type { TSchema } from 'typebox';

/** One route of the CSMS as data: the server registers from it, clients type themselves by it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body is bytes, not JSON. */
  readonly bytes?: true;
  readonly response?: Readonly<Record<number, TSchema>>;
}
