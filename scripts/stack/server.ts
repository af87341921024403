import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError } from '../process/harness-error.ts';
import type { ManagedProcess } from '../process/managed.ts';
import { describeExit, processFailed } from '../process/process-failure.ts';
import type { ProcessScope } from '../process/scope.ts';
import { errorsInLog } from './log-errors.ts';

export interface ServerOptions {
  readonly scope: ProcessScope;
  /** What messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Its folder: working folder, configuration, data and log. */
  readonly dir: string;
  /** Path of its configuration, named in errors. */
  readonly configFile: string;
  readonly readyDeadlineMs: number;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  readonly process: ManagedProcess;
  /** POST /-/reload. Rejects with a HarnessError that holds what the server says is wrong with its configuration. */
  readonly reload: () => Promise<void>;
}

/** Ready takes 0.15 to 0.3 s on an idle machine; the rest is for a busy one. */
export const READY_DEADLINE_MS = 30_000;

/** Both servers print the same line, on Prometheus 2.42 to 3.15 and on Alertmanager 0.25 and later. */
const LISTENING = /msg="Listening on".*?\baddress=(\S+:\d+)/;
const POLL_MS = 20;
const ANSWER_TIMEOUT_MS = 5_000;
const RELOAD_TIMEOUT_MS = 30_000;

/** Starts Prometheus or Alertmanager and resolves once it says that it is ready. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { scope, name, dir, readyDeadlineMs } = options;
  await mkdir(dir, { recursive: true });
  const started = performance.now();
  const child = await scope.start({
    name,
    file: options.program,
    args: options.args,
    cwd: dir,
    env: options.env ?? {},
    logFile: join(dir, `${name.toLowerCase()}.log`),
  });
  try {
    const [, address] = await child.waitForLine(LISTENING, readyDeadlineMs);
    const url = `http://${address}`;
    await untilReady(child, url, started + readyDeadlineMs);
    return { url, process: child, reload: () => reload(child, url, options) };
  } catch (error) {
    await child.stop();
    throw withConfiguration(error, child, options);
  }
}

async function untilReady(child: ManagedProcess, url: string, deadline: number): Promise<void> {
  let last = 'no answer';
  while (performance.now() < deadline) {
    // A rule file that does not load ends Prometheus after it has begun to listen.
    if (!child.running) {
      throw processFailed(child, `${child.name} ended before it was ready`, describeExit(await child.exited));
    }
    try {
      const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      await response.arrayBuffer();
      if (response.ok) return;
      last = `HTTP ${response.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await delay(POLL_MS);
  }
  throw processFailed(child, `${child.name} did not get ready in time`, `${url}/-/ready: ${last}`);
}

async function reload(child: ManagedProcess, url: string, options: ServerOptions): Promise<void> {
  const lines: string[] = [];
  const unsubscribe = child.onLine((line) => lines.push(line));
  let answer: string;
  try {
    const signal = AbortSignal.timeout(RELOAD_TIMEOUT_MS);
    const response = await fetch(`${url}/-/reload`, { method: 'POST', signal });
    answer = await response.text();
    if (response.ok) return;
  } catch (error) {
    throw new HarnessError(`${options.name} did not answer the request to reload`, {
      reason: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  } finally {
    unsubscribe();
  }
  throw refused(options, [answer.trim(), ...errorsInLog(lines)].join('\n'));
}

/** An error that only says that the process ended becomes one that says what is wrong with the configuration. */
function withConfiguration(error: unknown, child: ManagedProcess, options: ServerOptions): unknown {
  const problems = errorsInLog(child.tail(Number.POSITIVE_INFINITY));
  if (!(error instanceof HarnessError) || problems.length === 0) return error;
  return new HarnessError(error.message, {
    reason: [...problems, error.reason].join('\n'),
    hint: `its configuration: ${options.configFile}${error.hint === undefined ? '' : `\n${error.hint}`}`,
    cause: error,
  });
}

function refused({ name, configFile }: ServerOptions, reason: string): HarnessError {
  return new HarnessError(`${name} refused its new configuration and goes on with the old one`, {
    reason,
    hint: `its configuration: ${configFile}`,
  });
}
