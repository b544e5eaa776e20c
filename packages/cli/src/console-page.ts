import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The live page: beside the sources in the repository, beside this file in the published package. */
export function consolePage(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../console/src' : 'console';
  return readFileSync(join(import.meta.dirname, folder, 'live.html'), 'utf8');
}
