import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { messageOf } from '@busbar/runtime';
import type * as Yaml from 'yaml';

export interface FileFault {
  readonly line?: number;
  readonly message: string;
}

/** busbar.yaml as it was written: its names with their lines, and what is no YAML in it. */
export interface ConfigFile {
  readonly name: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly lines: ReadonlyMap<string, number>;
  readonly faults: readonly FileFault[];
}

const NO_FILE: ConfigFile = { name: undefined, values: {}, lines: new Map(), faults: [] };

/** The file that was named, or the one in the working folder, or none. */
export function readConfigFile(path: string | undefined): ConfigFile {
  const name = path ?? (existsSync('busbar.yaml') ? 'busbar.yaml' : undefined);
  if (name === undefined) return NO_FILE;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    return { ...NO_FILE, name, faults: [{ message: `cannot be read: ${messageOf(error)}` }] };
  }
  return parsed(name, text);
}

function parsed(name: string, text: string): ConfigFile {
  const { LineCounter, parseDocument, isMap, isScalar }: typeof Yaml = createRequire(import.meta.url)('yaml'); // loaded only where there is a file
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const faults = document.errors.map(({ message, pos }) => ({ line: counter.linePos(pos[0]).line, message: `is no YAML: ${message}.` }));
  if (faults.length > 0) return { ...NO_FILE, name, faults };
  if (document.contents === null) return { ...NO_FILE, name };
  if (!isMap(document.contents)) return { ...NO_FILE, name, faults: [{ line: 1, message: 'does not hold names and values.' }] };
  const lines = new Map<string, number>();
  for (const { key } of document.contents.items)
    if (isScalar(key) && key.range) lines.set(String(key.value), counter.linePos(key.range[0]).line);
  const values: unknown = document.toJS();
  return { name, values: typeof values === 'object' && values !== null ? { ...values } : {}, lines, faults };
}
