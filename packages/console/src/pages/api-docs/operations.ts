import type { Role } from '@busbar/api';
import type { Components, Schema } from './schema-form.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly role: Role | 'anyone';
  readonly parameters: readonly Parameter[];
  /** In which forms a body is taken; the first is the usual one. */
  readonly body: { readonly types: readonly string[]; readonly schema: Schema | undefined } | undefined;
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId: string;
            readonly summary: string;
            readonly tags: readonly string[];
            readonly 'x-role': Role | 'anyone';
            readonly parameters: readonly Parameter[];
            readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Components };
}

export interface Routes {
  readonly operations: readonly Operation[];
  readonly components: Components;
}

/** The document as the page needs it. */
export const operationsOf = ({ paths, components }: Document): Routes => ({
  components: components.schemas,
  operations: Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, summary, tags, 'x-role': role, parameters, requestBody }]) => {
      const content = Object.entries(requestBody?.content ?? {});
      return {
        id: operationId,
        method: method.toUpperCase(),
        path,
        tag: tags[0] ?? '',
        summary,
        role,
        parameters,
        body: content.length === 0 ? undefined : { types: content.map(([type]) => type), schema: content[0]?.[1].schema },
      };
    }),
  ),
});

/** Every word of a search stands somewhere in the route. */
export function found(operations: readonly Operation[], text: string): readonly Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(({ id, method, path, summary, role }) => {
    const all = `${id} ${method} ${path} ${summary} ${role}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Tags in the order of the alphabet, with their routes as they stand in the document. */
export function grouped(operations: readonly Operation[]): readonly (readonly [tag: string, operations: readonly Operation[]])[] {
  const groups = Map.groupBy(operations, ({ tag }) => tag);
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b));
}

/** What takes something away, or cannot be taken back, is asked about first. */
export const isDestructive = ({ method, id }: Operation): boolean =>
  method === 'DELETE' || /^(erase|revoke|close|discard|reject|replace|stop|remove)/.test(id);
