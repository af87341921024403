import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../process/harness-error.ts';
import { OutputTail } from '../process/output-tail.ts';
import { describeExit } from '../process/process-failure.ts';
import type { Operation, Order, Problem, Report } from './control.ts';
import type { Fleet, FleetOptions } from './fleet-types.ts';

export interface FleetProcessOptions extends FleetOptions {
  /** The services must listen by then. Default 15 s. */
  readyWithinMs?: number;
  /** Told at once when the process ends that nobody stopped. */
  onDied?: (error: HarnessError) => void;
}

/** A fleet in a process of its own: its event loop and its processor time are not those of what measures it. */
export interface FleetProcess extends Fleet {
  readonly pid: number;
}

const READY_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 5_000;
const TAIL_LINES = 10;

/**
 * Starts the fleet in a child process, which ends with this one at the latest.
 * @throws HarnessError when the fleet does not start, or not in time.
 */
export async function startFleetProcess(options: FleetProcessOptions): Promise<FleetProcess> {
  const { readyWithinMs = READY_WITHIN_MS, onDied, ...fleet } = options;
  // The same file ends in .ts in the sources and in .js in the published package.
  const main = new URL(`./main${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  const child = fork(main, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const remote = new RemoteFleet(child, onDied);
  try {
    const ready = await remote.start(fleet, readyWithinMs);
    return {
      pid: child.pid ?? 0,
      addresses: new Map(ready.addresses),
      caFile: ready.caFile,
      inject: (system, fault) => remote.call('inject', system, fault),
      clear: (system, service, kind) => remote.call('clear', system, service, kind),
      startBackground: (background) => remote.call('startBackground', background),
      stopBackground: () => remote.call('stopBackground'),
      stats: () => remote.call('stats'),
      stop: () => remote.stop(),
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The parent's end of the channel. */
class RemoteFleet {
  readonly #child: ChildProcess;
  readonly #output = new OutputTail();
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #started = Promise.withResolvers<Extract<Report, { kind: 'ready' }>>();
  readonly #exited: Promise<void>;
  #stopping = false;
  #death: HarnessError | null = null;
  #nextId = 1;

  constructor(child: ChildProcess, onDied: FleetProcessOptions['onDied']) {
    this.#child = child;
    // Whoever waits for the start sees its failure; nobody waits once it has started.
    this.#started.promise.catch(() => {});
    if (child.stdout !== null) this.#output.follow(child.stdout);
    if (child.stderr !== null) this.#output.follow(child.stderr);
    child.on('message', (report: Report) => this.#take(report));
    this.#exited = new Promise((resolve) => {
      child.once('error', (cause) => this.#end(`could not be started: ${cause.message}`, undefined, resolve));
      child.once('exit', (code, signal) => this.#end(describeExit({ code, signal }), onDied, resolve));
    });
  }

  async start(options: FleetOptions, withinMs: number) {
    this.#post({ kind: 'start', options });
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(this.#error('the simulated fleet did not get ready in time', `not within ${withinMs} ms`)),
      withinMs,
    );
    try {
      return await Promise.race([this.#started.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws HarnessError when the fleet refuses, or has ended. */
  call<T>(operation: Operation, ...args: unknown[]): Promise<T> {
    if (this.#death !== null) return Promise.reject(this.#death);
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<unknown>();
    this.#open.set(id, waiting);
    this.#post({ kind: 'call', id, operation, args });
    return waiting.promise as Promise<T>;
  }

  async stop(): Promise<void> {
    if (this.#death === null && !this.#stopping) {
      this.#stopping = true;
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS);
      await this.call('stop').catch(() => {});
      if (this.#child.connected) this.#child.disconnect();
      await this.#exited;
      clearTimeout(timer);
    }
    await this.#exited;
  }

  #post(order: Order): void {
    // A failed send means that the child has gone: its exit settles whoever waits.
    this.#child.send(order, () => {});
  }

  #take(report: Report): void {
    if (report.kind === 'ready') this.#started.resolve(report);
    else if (report.kind === 'not-started') this.#started.reject(toError(report.problem));
    else {
      const waiting = this.#open.get(report.id);
      this.#open.delete(report.id);
      if (report.kind === 'done') waiting?.resolve(report.value);
      else waiting?.reject(toError(report.problem));
    }
  }

  #end(happened: string, onDied: FleetProcessOptions['onDied'], resolve: () => void): void {
    if (this.#death !== null) return;
    this.#death = this.#error('the simulated fleet ended while the run needed it', happened);
    this.#started.reject(this.#death);
    for (const waiting of this.#open.values()) waiting.reject(this.#death);
    this.#open.clear();
    if (!this.#stopping) onDied?.(this.#death);
    resolve();
  }

  #error(message: string, happened: string): HarnessError {
    return new HarnessError(message, { reason: [happened, ...this.#output.last(TAIL_LINES)].join('\n') });
  }
}

function toError({ message, reason, hint }: Problem): HarnessError {
  return new HarnessError(message, { reason, ...(hint === undefined ? {} : { hint }) });
}
