import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsoleFiles } from '@busbar/csms/http';

/** The built console: beside the sources in the repository, beside this file in the published package. */
export function consoleFiles(): ConsoleFiles {
  const folder = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? '../../console/dist' : 'console');
  const assets = readdirSync(join(folder, 'assets')).map((name) => [name, readFileSync(join(folder, 'assets', name))] as const);
  return { page: readFileSync(join(folder, 'index.html'), 'utf8'), assets: new Map(assets) };
}
