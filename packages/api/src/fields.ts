import { type Static, type TSchema, Type } from 'typebox';

/** Of a station. */
export const Id = Type.String({ minLength: 1, maxLength: 48 });
export const stationParams = Type.Object({ stationId: Id });
/** As answers have it. */
export const Time = Type.String({ description: 'RFC 3339 in UTC', maxLength: 40 });
/** As people may give it, with any offset. */
export const GivenTime = Type.String({ description: 'RFC 3339', maxLength: 40 });
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }));
export const AnyObject = Type.Record(Type.String(), Type.Unknown());

/** A body that has no other field. */
export const closed = { additionalProperties: false } as const;
export const Reason = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed);

/** A field of an answer that may be null. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * A field of a body that may be null. As one schema with two types, not as a union: the server's validator would try the
 * first of a union and make 0 or [0] of a null there.
 */
export const orNull = <T extends TSchema>(type: 'string' | 'number' | 'array', schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, type: [type, 'null'] });
