// `npm run e2e`: the jobs of operators in a real browser, against a real server with stations that charge. Needs Chromium.
import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';

if (chromiumPath() === undefined) {
  process.stderr.write('busbar e2e: there is no Chromium here. On Debian: apt-get install chromium; or name one in CHROMIUM.\n');
  process.exit(1);
}
const { status } = spawnSync('vitest', ['run', '--project', 'e2e', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, BUSBAR_E2E: '1' },
});
process.exitCode = status ?? 1;
