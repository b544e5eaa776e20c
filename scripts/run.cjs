// The door of every npm script: plain CommonJS that runs on Node 20, so a fresh clone needs nothing but Node and npm.
//   node scripts/run.cjs                    install and generate what is missing or stale, then stop
//   node scripts/run.cjs FILE [ARGUMENTS]   the same, then run FILE on Node 24 and pass on its signals and exit code
// It is one process and not `node ready.js && node main.ts`: a shell remembers where it found the first `node`
// (the old one) and would use it again after the install has put Node 24 in front of it.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const MINIMUM_MAJOR = 24;
const LOCK_WAIT_S = 600; // a cold install on a slow line; after that a second start gives up
const root = path.resolve(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const say = (text) => process.stderr.write(`${text}\n`);
const digest = (files) => files.reduce((hash, file) => hash.update(fs.readFileSync(file)), createHash('sha256')).digest('hex');
const modifiedAt = (file) => (fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0);
const stampOf = (name) => (fs.existsSync(at('.ready', name)) ? fs.readFileSync(at('.ready', name), 'utf8') : '');

function stop(text, code = 1) {
  say(`busbar: ${text}`);
  process.exit(code);
}

const installKey = () => `${process.platform}-${process.arch}-${digest([at('package-lock.json')])}`;

function installed() {
  if (modifiedAt(at('node_modules/.package-lock.json')) === 0) return false;
  if (stampOf('install') === installKey()) return true;
  // Somebody ran `npm ci` or `npm install` by hand after the lock file last changed: believe him.
  return modifiedAt(at('node_modules/.package-lock.json')) > modifiedAt(at('package-lock.json'));
}

function install() {
  say('busbar: installing packages, once (about half a minute) …');
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...flags], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', flags, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.signal) stop(`installing was interrupted (${done.signal}); start again to repeat it`, 130);
  if (done.status !== 0) {
    stop(
      '`npm ci` failed, its message is above. Without a network the first start is impossible; after one install none is needed.',
      done.status || 1,
    );
  }
}

/** Node 24: this one if it is new enough, else the one npm installed for us. */
function node24() {
  if (Number(process.versions.node.split('.')[0]) >= MINIMUM_MAJOR) return process.execPath;
  const own = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(own)) return own;
  return stop(
    `needs Node ${MINIMUM_MAJOR} or newer; this is ${process.version} and npm brings none for ${process.platform}-${process.arch}. Install it from nodejs.org.`,
  );
}

const filesBelow = (folder) =>
  fs
    .readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();

const CACHE = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || at('.ready', 'compile-cache') };
/** A station lives long and does little: a small young generation saves 15 MB. The CSMS and a fleet need room for load and tidy up after their start. */
const ROOM_MB = { serve: 16, up: 16, fleet: 4 };
const CSMS = new Set(['serve', 'up']);
/** V8 has four threads that collect garbage, on two cores too, where they drive out the one that answers stations (p99 40 ms instead of 10): 0 is one fewer than cores. */
const flagsOf = (file) =>
  file.endsWith('cli/src/main.ts')
    ? [`--max-semi-space-size=${ROOM_MB[process.argv[3]] || 1}`, ...(CSMS.has(process.argv[3]) ? ['--v8-pool-size=0'] : [])]
    : [];

/** What is made from other files: repeated when its inputs change or its last output is gone. */
const STEPS = {
  generate: {
    says: 'generating validators and types',
    inputs: () => [
      at('node_modules/ocpp-rpc/package.json'),
      at('packages/protocol/src/actions.ts'),
      ...filesBelow('packages/protocol/generate'),
    ],
    proof: 'packages/protocol/generated/complete',
    command: ['packages/protocol/generate/main.ts'],
  },
  console: {
    says: 'building the console',
    inputs: () => [
      at('package-lock.json'),
      ...filesBelow('packages/api/src'),
      ...filesBelow('packages/console/src'),
      at('packages/console/index.html'),
      at('packages/console/vite.config.ts'),
    ],
    proof: 'packages/console/dist/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', 'packages/console'],
  },
  // Compiles everything once into Node's compile cache: later starts are quicker, and no process loads the type stripper
  // (11 MB per thread).
  warm: {
    says: 'warming the compile cache',
    inputs: () => [at('package-lock.json'), at('packages/cli/src/warm-command.ts'), ...filesBelow('packages/protocol/generate')],
    proof: '.ready/compile-cache',
    command: ['packages/cli/src/main.ts', 'warm'],
  },
};

const done = (name) => fs.existsSync(at(STEPS[name].proof)) && stampOf(name) === digest(STEPS[name].inputs());

function make(name) {
  const { says, command, inputs } = STEPS[name];
  say(`busbar: ${says} …`);
  const { status } = spawnSync(node24(), command, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...CACHE } });
  if (status !== 0) stop(`${says} failed`, status || 1);
  writeStamp(name, digest(inputs()));
}

function writeStamp(name, text) {
  fs.mkdirSync(at('.ready'), { recursive: true });
  fs.writeFileSync(at('.ready', name), text);
}

const alive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Two starts at once: the second waits for the first instead of deleting node_modules under it. */
function takeLock() {
  const file = at('.ready', 'lock');
  fs.mkdirSync(at('.ready'), { recursive: true });
  for (let waitedS = 0; waitedS < LOCK_WAIT_S; waitedS += 1) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      let held = true;
      const release = () => {
        if (held) fs.rmSync(file, { force: true });
        held = false;
      };
      process.once('exit', release);
      return release;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number(fs.readFileSync(file, 'utf8'));
      if (owner > 0 && !alive(owner)) fs.rmSync(file, { force: true });
      else if (waitedS === 0) say(`busbar: another start (process ${owner}) is installing; waiting …`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  }
  return stop(`gave up waiting for ${file}`);
}

function makeReady(steps) {
  if (!installed() || !steps.every(done)) {
    const release = takeLock();
    if (!installed()) install();
    writeStamp('install', installKey());
    for (const name of steps) if (!done(name)) make(name);
    release();
  }
  return node24();
}

const startedAt = Date.now();
const node = makeReady(['generate', 'console', 'warm']);
const [file, ...rest] = process.argv.slice(2);
if (file) {
  const bin = at('node_modules', '.bin');
  // How long installing took is what `npm start` prints and what `--until first-transaction` reports.
  const env = {
    ...process.env,
    ...CACHE,
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX || '2', // glibc keeps a heap per thread otherwise: 2 MB more for nothing
    BUSBAR_INSTALL_MS: String(Date.now() - startedAt),
    PATH: [path.dirname(node), bin, process.env.PATH].join(path.delimiter),
  };
  const child = spawn(node, [...flagsOf(file), path.resolve(root, file), ...rest], { stdio: 'inherit', env });
  // Ctrl-C in a terminal reaches the child by itself, a second one would mean "force"; all else is handed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // `kill NPM` ends npm and its shell but reaches neither of us: without our parent we stop as well.
  const parent = process.ppid;
  if (process.env.npm_execpath) setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
  child.on('error', (error) => stop(`cannot run ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + require('node:os').constants.signals[signal] : code));
}
