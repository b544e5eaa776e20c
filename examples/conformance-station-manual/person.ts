// The person at the bench, written down: reads what the kit asks for, does it, presses Enter.
//   node person.ts CASE...            the kit's own output comes through; ends with the kit's exit code
// The station is one of Busbar's; a real person would turn the key of a real one and show it a card.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const CONTROL_TOKEN = 'bench';
const START_MS = 20_000;

/** The station on the bench, as long as a case needs it. */
class Bench {
  #station: ChildProcess | undefined;
  #control = '';
  readonly #memory = mkdtempSync(join(tmpdir(), 'busbar-bench-'));
  #lives = 0;

  async provision(id: string, url: string, password: string): Promise<void> {
    await this.off();
    this.#lives += 1; // every case gets a station without memories
    const data = join(this.#memory, String(this.#lives));
    const flags = ['--id', id, '--url', url, '--data', data, '--version', 'ocpp2.0.1', '--control-port', '0'];
    const station = spawn(process.execPath, [join(root, 'packages/cli/src/main.ts'), 'station', ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, BUSBAR_PASSWORD: password, BUSBAR_CONTROL_TOKEN: CONTROL_TOKEN },
    });
    this.#station = station;
    this.#control = await heard(station, /http:\/\/127\.0\.0\.1:\d+\/v1/);
  }

  async act(id: string, verb: string, body: string): Promise<boolean> {
    const response = await fetch(`${this.#control}/stations/${encodeURIComponent(id)}/${verb}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CONTROL_TOKEN}`, 'content-type': 'application/json' },
      body,
    });
    return response.ok;
  }

  async off(): Promise<void> {
    const station = this.#station;
    this.#station = undefined;
    if (station === undefined || station.exitCode !== null) return;
    const gone = new Promise((resolve) => station.once('exit', resolve));
    station.kill('SIGTERM');
    await gone;
  }

  async leave(): Promise<void> {
    await this.off();
    rmSync(this.#memory, { recursive: true, force: true });
  }
}

/** Waits until a process has said something. */
function heard(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the station did not start: ${said}`)), START_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [found] = pattern.exec(said) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}

/** Does what a sentence of the kit asks for; false = this bench cannot. */
async function obey(bench: Bench, sentence: string): Promise<boolean> {
  const [, id = '', url = '', password = '', profile = ''] =
    /Provision the station "([^"]+)": URL (\S+), password "([^"]+)", security profile (\d)/.exec(sentence) ?? [];
  if (id !== '') {
    if (profile !== '1' || sentence.includes(' = ')) return false; // no TLS and no settings before the first start here
    await bench.provision(id, url, password);
    return true;
  }
  const [, at, verb, body] = /At the station "([^"]+)": (\w+) (\{.*\})/.exec(sentence) ?? [];
  if (at !== undefined && verb !== undefined && body !== undefined) return bench.act(at, verb, body);
  if (!sentence.includes('is not needed any more')) return false;
  await bench.off();
  return true;
}

const here = import.meta.dirname;
const flags = ['--driver', 'manual', '--settings', join(here, 'settings.yaml'), '--features', join(here, 'features.yaml')];
const kit = spawn(
  process.execPath,
  [join(root, 'packages/conformance/src/node/main.ts'), 'station', ...flags, '--case', ...process.argv.slice(2)],
  { stdio: ['pipe', 'inherit', 'pipe'] },
);
/** One thing after the other, as a person does. */
async function answered(before: Promise<void>, sentence: string): Promise<void> {
  await before;
  kit.stdin.write((await obey(bench, sentence).catch(() => false)) ? '\n' : 'n\n');
}
const bench = new Bench();
let unread = '';
let turn: Promise<void> = Promise.resolve();
kit.stderr.on('data', (chunk: Buffer) => {
  process.stderr.write(chunk);
  unread += chunk.toString();
  for (let end = unread.indexOf('cannot be done: '); end >= 0; end = unread.indexOf('cannot be done: ')) {
    const sentence = unread.slice(unread.lastIndexOf('-> ', end), end);
    unread = unread.slice(end + 'cannot be done: '.length);
    turn = answered(turn, sentence);
  }
});
kit.once('exit', (code) => {
  bench
    .leave()
    .catch(() => {})
    .finally(() => process.exit(code ?? 1));
});
