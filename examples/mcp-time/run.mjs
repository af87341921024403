// firedrill nightly against a real MCP tool server, which is started for the run and stopped after it. Takes the options
// of `firedrill nightly` and ends with its exit code. Plain JavaScript on purpose: it must run on a system Node of 20;
// firedrill itself goes on under the Node that it brings along.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from './python.mjs';
import { startServer } from './server.mjs';
import { Unavailable } from './unavailable.mjs';

const EXIT = { usage: 2, broken: 3, interrupted: 130 };

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const options = process.argv.slice(2);
/** Standard output belongs to firedrill: with --json it holds the verdict and nothing else. */
const say = (text) => process.stderr.write(`mcp-time: ${text}\n`);
const tell = options.includes('--quiet') ? () => {} : say;

const interrupt = new AbortController();
let firedrill = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupt.abort();
    firedrill?.kill(signal);
  });
}

process.exitCode = await main(process.env.MCP_TIME_KILL_AFTER).catch((error) => {
  if (interrupt.signal.aborted) return EXIT.interrupted;
  if (!(error instanceof Unavailable)) throw error;
  say(error.message);
  return EXIT.broken;
});

/** `killAfter`: the number of answered tool calls after which mcpo is killed, to show what firedrill says then. */
async function main(killAfter = '') {
  if (options.includes('--help') || options.includes('-h')) return nightly({});
  if (!/^([1-9]\d*)?$/.test(killAfter)) {
    say(`MCP_TIME_KILL_AFTER is ${JSON.stringify(killAfter)}: write a whole number of tool calls above 0`);
    return EXIT.usage;
  }
  const { signal } = interrupt;
  const requirements = join(here, 'requirements.txt');
  const python = await pythonEnvironment({ requirements, env: process.env, signal, tell });
  const server = await startServer({
    python,
    config: join(here, 'mcpo.json'),
    signal,
    killAfter: killAfter === '' ? null : Number(killAfter),
  });
  try {
    tell(`mcpo with mcp-server-time answers at ${server.url} (process ${server.pid})`);
    const code = await nightly({ MCP_TIME_URL: server.url });
    const ending = server.ending();
    if (ending !== null) say(`mcpo ended during the run: ${ending}`);
    return code;
  } finally {
    await server.stop();
  }
}

/** Runs `firedrill nightly` with this folder's catalogue and the options of the command line; resolves to its exit code. */
function nightly(variables) {
  interrupt.signal.throwIfAborted();
  const command = [join(root, 'scripts/bootstrap.mjs'), 'scripts/cli.ts', 'nightly'];
  const own = ['--catalogue', join(here, 'catalogue')];
  firedrill = spawn(process.execPath, [...command, ...own, ...options], {
    stdio: 'inherit',
    env: { ...process.env, ...variables },
  });
  return new Promise((resolve, reject) => {
    firedrill.on('error', (error) => reject(new Unavailable(`firedrill cannot be started: ${error.message}`)));
    firedrill.on('exit', (code) => resolve(code ?? EXIT.broken));
  });
}
