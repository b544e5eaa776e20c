import { type Static, type TSchema, Type } from 'typebox';

/**
 * A field of a body that may be null. As one schema with two types, not as a union: the server's validator would try the
 * first of a union and make 0 or [0] of a null there.
 */
export const orNull = <T extends TSchema>(type: 'string' | 'number' | 'array', schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, type: [type, 'null'] });
