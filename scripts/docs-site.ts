// `npm run docs:site` builds the documentation as a site into docs/site/dist. Its tool lives in docs/site with a lock file of its own, so that
// `npm ci` here does not carry it; it is installed when it is needed. Whatever it warns about, dead links first of all, is an error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const site = join(import.meta.dirname, '..', 'docs', 'site');
const stamp = join(site, 'node_modules', '.busbar-installed');
const lock = createHash('sha256')
  .update(readFileSync(join(site, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stdout.write('docs:site: installing VitePress into docs/site, once …\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: site,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
}

const from = performance.now();
const { status, stdout, stderr } = spawnSync(process.execPath, [join(site, 'node_modules/vitepress/bin/vitepress.js'), 'build', site], {
  cwd: site,
  encoding: 'utf8',
  env: { ...process.env, NO_COLOR: '1', NODE_COMPILE_CACHE: '' },
});
const said = `${stdout}${stderr}`;
// oxlint-disable-next-line eslint/no-control-regex -- the tool colours what it says
const lines = said.replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n');
const warnings = lines.filter((line) => /warn|\(!\)|dead link|deprecat/i.test(line));
const seconds = ((performance.now() - from) / 1000).toFixed(1);
if (status !== 0 || warnings.length > 0) {
  process.stderr.write(
    `${said}\ndocs:site: ${status === 0 ? `${warnings.length} warnings` : `failed with ${status}`} after ${seconds} s\n`,
  );
  process.exitCode = 1;
} else process.stdout.write(`docs:site: docs/site/dist is made (${seconds} s), without a warning\n`);
