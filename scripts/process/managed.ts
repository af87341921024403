import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from './harness-error.ts';
import { OutputTail } from './output-tail.ts';
import { describeExit, type ExitStatus, processFailed } from './process-failure.ts';
import { dieWithParent, signalGroup, terminate } from './termination.ts';

export type { ExitStatus } from './process-failure.ts';

/** How to start a child process. */
export interface StartOptions {
  /** What messages call it, such as "Prometheus". */
  readonly name: string;
  /** The program: a path, or a name looked up on PATH. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the lines of stdout and stderr are kept. Folders are created; an older file is appended to. */
  readonly logFile?: string;
}

/** A child process of this run. It never outlives firedrill. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string | undefined;
  readonly running: boolean;
  /** True once {@link ManagedProcess.stop} was called: its exit is then no surprise. */
  readonly stopping: boolean;
  /** Settles when the process has ended and its output is read. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** The last lines of its output, oldest first; at most 200 are kept. */
  tail(lines: number): string[];
  /** Calls back for each further line of its output; returns the function that ends this. */
  onLine(listener: (line: string) => void): () => void;
  /**
   * The first match of `pattern` in a line of its output, lines already written included.
   * Rejects with a {@link HarnessError} at the deadline, and at once when the process ends before such a line.
   */
  waitForLine(pattern: RegExp, deadlineMs: number): Promise<RegExpExecArray>;
  /** SIGTERM to the process and its descendants, SIGKILL after `graceMs` (5,000 by default). May be called many times. */
  stop(options?: { readonly graceMs?: number }): Promise<ExitStatus>;
}

const DEFAULT_GRACE_MS = 5_000;
/** A descendant may hold the output open after the process itself has ended: its exit must not wait on that. */
const OUTPUT_DRAIN_MS = 500;

/**
 * Starts a child in a process group of its own, so that a terminal's Ctrl-C reaches firedrill alone, which then stops its
 * children in order. When firedrill ends in any other way they are killed: by an exit handler, and on Linux, where
 * util-linux is there, by the kernel even if firedrill itself gets a SIGKILL.
 */
export async function startProcess(options: StartOptions): Promise<ManagedProcess> {
  const { name, logFile } = options;
  if (options.file.includes('/') && !existsSync(options.file)) {
    throw new HarnessError(`${name} could not be started`, { reason: `${options.file}: no such file` });
  }
  const log = logFile === undefined ? undefined : openLog(logFile);
  const output = new OutputTail();
  const [file, args] = dieWithParent(options.file, options.args);
  const child = execa(file, args, {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? {},
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // The group is signalled by this module: execa's own cleanup would race the ordered stop on SIGINT.
    cleanup: false,
    killDescendants: true,
    forceKillAfterDelay: false,
  });
  const { pid } = child;
  if (pid === undefined) {
    const result = await child;
    throw new HarnessError(`${name} could not be started`, { reason: result.originalMessage ?? `cannot run ${file}` });
  }

  let running = true;
  let stopping: Promise<ExitStatus> | undefined;
  const streams = [child.stdout, child.stderr];
  const drained = Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
  if (log !== undefined) output.onLine((line) => void writeSync(log, `${line}\n`));
  for (const stream of streams) output.follow(stream);
  const killNow = () => signalGroup(pid, 'SIGKILL');
  process.once('exit', killNow);

  const exited = new Promise<ExitStatus>((resolve) => {
    child.nodeChildProcess.once('exit', async (code, signal) => {
      running = false;
      // Descendants that outlive the process would hold its ports and pipes.
      killNow();
      process.removeListener('exit', killNow);
      await Promise.race([drained, afterMs(OUTPUT_DRAIN_MS)]);
      output.end();
      if (log !== undefined) closeSync(log);
      resolve({ code, signal });
    });
  });

  const managed: ManagedProcess = {
    name,
    pid,
    logFile,
    exited,
    get running() {
      return running;
    },
    get stopping() {
      return stopping !== undefined;
    },
    tail: (lines) => output.last(lines),
    onLine: (listener) => output.onLine(listener),
    waitForLine(pattern, deadlineMs) {
      return new Promise((resolve, reject) => {
        let done = false;
        const finish = (settle: () => void) => {
          if (done) return;
          done = true;
          clearTimeout(timer);
          unsubscribe();
          settle();
        };
        const look = (line: string) => {
          const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(line);
          if (match !== null) finish(() => resolve(match));
        };
        const timer = setTimeout(() => {
          const reason = `no line matching ${pattern} within ${deadlineMs} ms`;
          finish(() => reject(processFailed(managed, `${name} did not get ready in time`, reason)));
        }, deadlineMs);
        const unsubscribe = output.onLine(look);
        for (const line of output.last(Number.POSITIVE_INFINITY)) look(line);
        exited.then((status) =>
          finish(() => reject(processFailed(managed, `${name} ended before it was ready`, describeExit(status)))),
        );
      });
    },
    stop({ graceMs = DEFAULT_GRACE_MS } = {}) {
      stopping ??= terminate(pid, exited, graceMs);
      return stopping;
    },
  };
  return managed;
}

function openLog(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true });
  return openSync(logFile, 'a');
}

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
