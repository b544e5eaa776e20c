import type { JsonSchema, Merged } from './merge-schemas.ts';

/**
 * What a version's messages may contain, as plain data: per object its properties, each with the name of what is inside
 * ('' for a plain value); per enumeration its values. `narrow.ts` walks it to cut a 2.1 message down to an older version.
 */
export function printShapes({ definitions }: Merged): string {
  const objects: Record<string, Record<string, string>> = {};
  const enums: Record<string, unknown> = {};
  for (const [name, schema] of definitions) {
    if (Array.isArray(schema.enum)) enums[name] = schema.enum;
    else if (schema.properties && schema.additionalProperties === false) {
      objects[name] = Object.fromEntries(
        Object.entries(schema.properties as Record<string, JsonSchema>).map(([key, inner]) => [key, inside(inner)]),
      );
    }
  }
  return [
    `export const objects: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(objects)};`,
    `export const enums: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(enums)};`,
    '',
  ].join('\n');
}

function inside(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return schema.$ref.replace(/^.*\//, '');
  if (schema.type === 'array') return inside(schema.items as JsonSchema);
  if (schema.type === 'object' && schema.properties) throw new Error('an object without a name: give narrow.ts a way to see into it');
  return '';
}
