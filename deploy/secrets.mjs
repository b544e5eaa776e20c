// The files that compose.yaml hands on as secrets. Plain Node ≥ 20, no packages.
//   node deploy/secrets.mjs                                   makes what is not there yet, changes nothing else
//   node deploy/secrets.mjs metrics-key [--url URL]           a viewer key of the running CSMS, for Prometheus
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: join(import.meta.dirname, 'secrets') },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
  },
});
const { folder, url } = values;
const at = (name) => join(folder, name);
const random = () => randomBytes(24).toString('base64url');

/** Nobody else gets into the folder; in the containers each file is read by another user, so the files themselves are readable. */
function make() {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name, text) => {
    if (existsSync(at(name))) return;
    writeFileSync(at(name), text);
    chmodSync(at(name), 0o644);
    process.stdout.write(`made ${at(name)}\n`);
  };
  write('postgres-password', random());
  write('database-url', `postgres://busbar:${readFileSync(at('postgres-password'), 'utf8')}@postgres:5432/busbar`);
  write('api-key', `bb_${random()}`);
  write('admin-password', random());
  write('grafana-password', random());
  write('metrics-key', ''); // Prometheus is refused until the real one stands here
}

/** The file keeps its place on the disk, so a container that has it mounted reads the new key at its next scrape. */
async function metricsKey() {
  const answer = await fetch(`${url}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(at('api-key'), 'utf8').trim()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `prometheus-${new Date().toISOString().slice(0, 19).replaceAll(/\W/g, '')}`, role: 'viewer' }),
  });
  const made = await answer.json();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${made.detail ?? JSON.stringify(made)}`);
  writeFileSync(at('metrics-key'), made.key);
  process.stdout.write(`${at('metrics-key')} holds the key ${made.name}\n`);
}

const [what] = positionals;
if (what === undefined) make();
else if (what === 'metrics-key') await metricsKey();
else {
  process.stderr.write(`node deploy/secrets.mjs knows metrics-key, not ${what}\n`);
  process.exitCode = 2;
}
