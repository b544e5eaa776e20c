import { BusbarError } from '@busbar/runtime';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

export const Header = Type.Object({
  format: Type.Literal(1),
  busbar: Type.String(),
  engine: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
  migrations: Type.Array(Type.Object({ name: Type.String(), checksum: Type.String() })),
  createdAt: Type.Number(),
});
export type Header = Static<typeof Header>;

/** Names go into SQL as they are. */
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]*$' });
export const TableHead = Type.Object({ name: Name, columns: Type.Array(Name, { minItems: 1 }) });
export const Ended = Type.Object({ rows: Type.Number(), sum: Type.String() });
export type Ended = Static<typeof Ended>;
export const FileHead = Type.Object({ name: Type.String({ pattern: '^[\\w-][\\w.-]*$' }) });
export const FileEnded = Type.Object({ bytes: Type.Number(), sha256: Type.String() });
export type FileEnded = Static<typeof FileEnded>;

/** What a section says of what follows. */
export function told<T extends TSchema>(schema: T, body: Buffer): Static<T> {
  const value: unknown = JSON.parse(body.toString());
  if (Value.Check(schema, value)) return value;
  throw new BusbarError('backup-damaged', 'The backup holds a section that this Busbar does not know. Was it made by a newer one?');
}
