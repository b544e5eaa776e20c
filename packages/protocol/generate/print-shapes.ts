import type { JsonSchema, Merged } from './merge-schemas.ts';

/**
 * What a version's messages may contain, as plain data: per object its properties, each with the name of what is inside
 * ('' for a plain value); per enumeration its values. `narrow.ts` walks it to cut a 2.1 message down to an older version.
 */
export function printShapes({ definitions }: Merged): { js: string; dts: string } {
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
  return {
    js: `export const objects = ${JSON.stringify(objects)};\nexport const enums = ${JSON.stringify(enums)};\n`,
    dts: "import type { Shapes } from '../src/narrow.ts';\nexport declare const objects: Shapes['objects'];\nexport declare const enums: Shapes['enums'];\n",
  };
}

function inside(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return schema.$ref.replace(/^.*\//, '');
  if (schema.type === 'array') return inside(schema.items as JsonSchema);
  if (schema.type === 'object' && schema.properties) throw new Error('an object without a name: give narrow.ts a way to see into it');
  return '';
}
