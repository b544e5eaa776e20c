import { afterAll, beforeAll, test, vi } from 'vitest';
import { ConsoleLab } from '../browser/testing/console-lab.ts';
import { consolePages, furnish, inOrder } from '../browser/testing/console-pages.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const LOOKS = [
  { colorScheme: 'light', width: 1400 },
  { colorScheme: 'dark', width: 1400 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
] as const;

let lab: ConsoleLab;
let session = '';
beforeAll(async () => {
  lab = await ConsoleLab.start();
  session = await furnish(lab);
});
afterAll(() => lab?.close());

test.each(consolePages('SESSION'))('%s: axe finds nothing, nothing sticks out, the browser complains of nothing', (path, heading) =>
  inOrder(lab, path.replace('SESSION', session), heading, LOOKS),
);
