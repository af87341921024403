import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { execute } from './execute.mjs';
import { Unavailable } from './unavailable.mjs';

/** The oldest Python that mcpo runs on. */
const OLDEST = [3, 11];
const SHOWN_LINES = 8;

/**
 * A Python environment with the pinned requirements, made once for each set of them and kept in firedrill's cache. It is filled
 * under another name and appears by one rename: it is whole or not there, and two runs at once cannot spoil each other's.
 * Resolves to the folder of its programs.
 */
export async function pythonEnvironment({ requirements, env, signal, tell }) {
  const system = env.MCP_TIME_PYTHON || 'python3';
  const version = await pythonVersion(system, { env, signal });
  const parent = join(cacheFolder(env), 'examples', 'mcp-time');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const place = join(parent, `${version}-${wanted}`);
  if (await isThere(place)) return join(place, 'bin');
  tell(`installing mcpo and mcp-server-time from PyPI into ${place} (once) ...`);
  await makeFolder(parent);
  await removeLeftovers(parent);
  const into = join(parent, `.new.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    await fill(into, { system, requirements, env, signal });
    await rename(into, place).catch(async (error) => {
      // Another run was faster: its environment is the same.
      if (!(await isThere(place))) throw error;
    });
  } finally {
    await rm(into, { recursive: true, force: true });
  }
  return join(place, 'bin');
}

async function pythonVersion(system, { env, signal }) {
  const code = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const fix = `install Python ${OLDEST.join('.')} or later, or name it by MCP_TIME_PYTHON`;
  const { stdout } = await step(system, ['-c', code], { what: `${system} cannot be run`, fix, env, signal });
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === OLDEST[0] && minor >= OLDEST[1]) return version;
  throw new Unavailable(
    `${system} is Python ${version}, mcpo needs ${OLDEST.join('.')} or later\n  fix: name a newer one by MCP_TIME_PYTHON`,
  );
}

async function fill(into, { system, requirements, env, signal }) {
  await step(system, ['-m', 'venv', into], {
    what: 'a Python environment cannot be made',
    fix: 'on Debian and Ubuntu: apt install python3-venv',
    env,
    signal,
  });
  const install = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
  await step(join(into, 'bin', 'python'), ['-m', 'pip', ...install], {
    what: 'the pinned packages cannot be installed',
    fix: 'make PyPI or your mirror of it reachable (pip config, PIP_INDEX_URL), then start again',
    env,
    signal,
  });
}

async function step(file, args, { what, fix, env, signal }) {
  const result = await execute(file, args, { env, signal }).catch((error) => {
    signal.throwIfAborted();
    return { code: null, stdout: '', stderr: error.code === 'ENOENT' ? `there is no program ${file}` : error.message };
  });
  if (result.code === 0) return result;
  const lines = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-SHOWN_LINES);
  throw new Unavailable([what, ...lines.map((line) => `    ${line}`), `  fix: ${fix}`].join('\n'));
}

/** firedrill's own cache, by the same rule as firedrill finds it. */
function cacheFolder({ XDG_CACHE_HOME: base, HOME }) {
  if (base !== undefined && isAbsolute(base)) return join(base, 'firedrill');
  return join(HOME ?? homedir(), '.cache', 'firedrill');
}

async function makeFolder(path) {
  await mkdir(path, { recursive: true }).catch((error) => {
    throw new Unavailable(
      `cannot write to the cache: ${error.message}\n  fix: name a writable folder by XDG_CACHE_HOME`,
    );
  });
}

/** An install that was killed leaves its folder behind. */
async function removeLeftovers(parent) {
  for (const name of await readdir(parent)) {
    const pid = /^\.new\.(\d+)\./.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isThere(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
