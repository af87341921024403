import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execute } from './execute.mjs';
import { Unavailable } from './unavailable.mjs';

const START_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const POLL_MS = 50;
const KEPT_LINES = 8;
/** What mcpo and its web server write of each call. */
const CALL = / - Calling endpoint: /;
const ANSWERED_CALL = /"POST \/\S+ HTTP\/[\d.]+" 200/;

/**
 * mcpo on a free port of the loopback interface, with the tool servers of `config` behind it; resolves once a tool call is answered.
 * `python` is the folder of the environment's programs. `killAfter` kills mcpo after that many answered tool calls; null for never.
 */
export async function startServer({ python, config, signal, killAfter }) {
  const lines = [];
  let answered = 0;
  let ended = null;
  signal.throwIfAborted();
  // A group of its own: Ctrl-C reaches firedrill first, which then still has a server to end its run on.
  const mcpo = spawn(
    join(python, 'python'),
    // Not the mcpo program: its first line names the place where the environment was filled.
    ['-c', 'import mcpo; mcpo.app()', '--host', '127.0.0.1', '--port', '0', '--config', config],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${python}${delimiter}${process.env.PATH ?? ''}`, PYTHONUNBUFFERED: '1' },
    },
  );
  const exited = new Promise((resolve) => {
    const end = (how) => {
      ended = how;
      resolve();
    };
    mcpo.on('error', (error) => end(error.message));
    mcpo.on('exit', (code, by) => end(by ?? `exit code ${code}`));
  });
  const listening = new Promise((resolve) => {
    const read = (line) => {
      const address = /Uvicorn running on (http:\/\/\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      if (ANSWERED_CALL.test(line)) {
        answered += 1;
        if (answered === killAfter) mcpo.kill('SIGKILL');
      } else if (!CALL.test(line)) {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
      }
    };
    for (const stream of [mcpo.stdout, mcpo.stderr]) createInterface(stream).on('line', read);
  });
  const tail = () => lines.map((line) => `    ${line}`).join('\n');

  let tools = [];
  /** Ends mcpo and the tool servers that it started; each gets time to end by itself before it is killed. */
  const stop = async () => {
    if (ended === null) {
      tools = await childrenOf(mcpo.pid);
      mcpo.kill('SIGTERM');
      await Promise.race([exited, delay(STOP_GRACE_MS, undefined, { ref: false })]);
      mcpo.kill('SIGKILL');
      await exited;
    }
    // A tool server ends when its input closes, which mcpo's end does.
    const deadline = performance.now() + STOP_GRACE_MS;
    while (tools.some(isAlive) && performance.now() < deadline) await delay(POLL_MS);
    for (const pid of tools.filter(isAlive)) process.kill(pid, 'SIGKILL');
  };

  try {
    const url = await Promise.race([listening, exited, delay(START_DEADLINE_MS, undefined, { signal, ref: false })]);
    if (url === undefined) {
      const how = ended === null ? `does not listen after ${START_DEADLINE_MS / 1_000} s` : `ended at once (${ended})`;
      throw new Unavailable(`mcpo ${how}; its last lines:\n${tail()}`);
    }
    const fault = await firstCall(`${url}/time/get_current_time`, signal);
    if (fault !== null) throw new Unavailable(`mcpo listens at ${url}, but ${fault}; its last lines:\n${tail()}`);
    tools = await childrenOf(mcpo.pid);
    return { url, pid: mcpo.pid, ending: () => (ended === null ? null : `${ended}; its last lines:\n${tail()}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** mcpo answers on its own account even when no tool server could be started: only a tool call shows that both are there. */
async function firstCall(url, signal) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ timezone: 'Etc/UTC' }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(START_DEADLINE_MS)]),
    });
    const body = await response.text();
    return response.ok ? null : `the first tool call is answered with ${response.status} ${body}`;
  } catch (error) {
    signal.throwIfAborted();
    return `the first tool call is not answered: ${error.message}`;
  }
}

/** Process ids of the children of a process; none where there is no `ps`, since tool servers end with mcpo unless they hang. */
async function childrenOf(parent) {
  const options = { env: process.env, signal: new AbortController().signal };
  const { stdout } = await execute('ps', ['-A', '-o', 'ppid=', '-o', 'pid='], options).catch(() => ({ stdout: '' }));
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([ppid, pid]) => (ppid === parent ? [pid] : []));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
