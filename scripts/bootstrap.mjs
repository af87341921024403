// Starts firedrill on a fresh clone and on an old system Node: installs the dependencies when they are missing or
// older than the lock file, then runs the given TypeScript entry under a Node that can strip types.
// Plain JavaScript on purpose: it must run before anything is installed, on Node 18 and later.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installedLock = join(root, 'node_modules', '.package-lock.json');
const guard = join(root, '.install-lock');

/** True when node_modules was installed from the present lock file. */
function dependenciesAreCurrent() {
  if (!existsSync(installedLock)) return false;
  return statSync(installedLock).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** True when this Node runs TypeScript without a build step: 22.19, or any later even release line. */
function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

function fail(message) {
  process.stderr.write(`firedrill: ${message}\n`);
  process.exit(3);
}

/** Two runs started at once on a fresh clone must not both delete node_modules: the second waits for the first. */
function withInstallLock(action) {
  const deadline = Date.now() + 10 * 60_000;
  for (;;) {
    try {
      mkdirSync(guard);
      writeFileSync(join(guard, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`);
      if (!holderIsAlive() || Date.now() > deadline) rmSync(guard, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    action();
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function holderIsAlive() {
  try {
    process.kill(Number(readFileSync(join(guard, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    // The holder creates the folder before the file: a missing file means that it is just starting, unless it stays so.
    if (error.code === 'ENOENT') return existsSync(guard) && Date.now() - statSync(guard).mtimeMs < 5_000;
    return error.code === 'EPERM';
  }
}

function install() {
  process.stderr.write('firedrill: installing dependencies (npm ci) ...\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (npm.error) fail(`npm could not be started: ${npm.error.message}. Install npm 10 or later.`);
  if (npm.status !== 0) fail(`npm ci ended with code ${npm.status}; its output stands above.`);
}

/** The Node to go on with: this one, or the pinned one from node_modules. */
function interpreter() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(pinned)) {
    fail(`this is Node ${process.versions.node}; firedrill needs 22.19 or later, and the pinned one is not installed.`);
  }
  return pinned;
}

if (!dependenciesAreCurrent()) {
  withInstallLock(() => {
    if (!dependenciesAreCurrent()) install();
  });
}

const [entry, ...args] = process.argv.slice(2);
const child = spawn(interpreter(), ['--disable-warning=ExperimentalWarning', join(root, entry), ...args], {
  stdio: 'inherit',
});

// A terminal sends its signals to the whole group; a supervisor sends them to this process alone. The child ends the run
// and decides the exit code in both cases, so this process only hands signals on and waits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => fail(`cannot start ${entry}: ${error.message}`));
child.on('exit', (code, signal) => {
  if (code !== null) process.exit(code);
  // Ended before it could handle the signal, or killed: for want of memory, say. Then nothing is known of the services.
  if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) process.exit(130);
  fail(`${entry} was killed by ${signal}`);
});
