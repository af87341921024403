import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAN_VARIABLE, type ScenarioPlan } from '../../scenarios/lib/row.ts';
import type { ExitStatus } from '../process/managed.ts';
import type { ProcessScope } from '../process/scope.ts';
import { CpuShare } from './cpu.ts';
import { type K6Log, readK6Log } from './k6-log.ts';
import type { K6Options } from './k6-options.ts';
import { type K6Summary, readSummary } from './summary.ts';

export interface K6Run {
  scope: ProcessScope;
  k6Path: string;
  /** Folder for everything that this run of k6 reads and writes. */
  dir: string;
  /** The bundled scenario program. */
  program: string;
  options: K6Options;
  plan: ScenarioPlan;
  /** Secrets and other variables that only k6 gets. */
  env: Record<string, string>;
  /** Base URL of the Prometheus that takes k6's metrics; null for none. */
  prometheusUrl: string | null;
  signal: AbortSignal;
  /** Called about every second. */
  onTick: (elapsedMs: number) => void;
}

export interface K6Outcome {
  status: ExitStatus;
  /** True when the signal stopped it. */
  stopped: boolean;
  summary: K6Summary | null;
  consoleFile: string;
  cpuShare: number | null;
  seconds: number;
  log: K6Log;
}

const TICK_MS = 1_000;
/** Of what k6 wrote elsewhere than into its log. */
const SHOWN_LINES = 5;
/** k6 waits for running requests when it is asked to stop. */
const STOP_GRACE_MS = 10_000;

/** Runs k6 once, to its end or until the signal, and collects what it left. */
export async function runK6(run: K6Run): Promise<K6Outcome> {
  const file = (name: string) => join(run.dir, name);
  await writeK6Files(run);
  const started = performance.now();
  const k6 = await run.scope.start({
    name: 'k6',
    file: run.k6Path,
    ...k6Command(run),
    logFile: file('k6.out'),
    endsByItself: true,
  });
  const cpu = new CpuShare(k6.pid);
  const stop = () => k6.stop({ graceMs: STOP_GRACE_MS });
  if (run.signal.aborted) stop();
  run.signal.addEventListener('abort', stop, { once: true });
  const timer = setInterval(() => {
    cpu.sample();
    run.onTick(performance.now() - started);
  }, TICK_MS);
  const status = await k6.exited;
  clearInterval(timer);
  const log = await readK6Log(file('k6.log'));
  run.signal.removeEventListener('abort', stop);
  return {
    status,
    stopped: k6.stopping,
    summary: readSummary(file('summary.json')),
    consoleFile: file('console.log'),
    cpuShare: cpu.share,
    seconds: (performance.now() - started) / 1_000,
    log: { uncaught: log.uncaught, errors: [...log.errors, ...k6.tail(SHOWN_LINES)] },
  };
}

/** Arguments and environment of k6 for a run whose `options.json` and `plan.json` lie in its folder. */
export function k6Command(run: Pick<K6Run, 'dir' | 'program' | 'prometheusUrl' | 'env'>): {
  args: string[];
  cwd: string;
  env: Record<string, string>;
} {
  const file = (name: string) => join(run.dir, name);
  return {
    args: [
      ...['run', '--quiet', '--no-usage-report', '--no-color', '--log-format', 'json'],
      // Every failed request is a warning: a service that is down for a night would fill the disk.
      ...['--log-output', `file=${file('k6.log')},level=error`, '--console-output', file('console.log')],
      // The default port would clash with a second run.
      ...['--address', '', '--config', file('options.json')],
      ...(run.prometheusUrl === null ? [] : ['--out', 'experimental-prometheus-rw']),
      run.program,
    ],
    cwd: run.dir,
    env: {
      ...OWN_ENVIRONMENT,
      ...remoteWrite(run.prometheusUrl),
      ...run.env,
      [PLAN_VARIABLE.plan]: file('plan.json'),
      [PLAN_VARIABLE.summary]: file('summary.json'),
    },
  };
}

/** Writes what k6 reads in a run. */
export async function writeK6Files(run: Pick<K6Run, 'dir' | 'options' | 'plan'>): Promise<void> {
  await mkdir(run.dir, { recursive: true });
  await Promise.all([
    writeFile(join(run.dir, 'options.json'), JSON.stringify(run.options)),
    writeFile(join(run.dir, 'plan.json'), JSON.stringify(run.plan)),
  ]);
}

/** A user's own K6 variables would replace the plan: k6 puts them above its configuration file. */
const OWN_ENVIRONMENT: Record<string, string> = {
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  K6_VUS: '',
  K6_DURATION: '',
  K6_ITERATIONS: '',
};

function remoteWrite(prometheusUrl: string | null): Record<string, string> {
  if (prometheusUrl === null) return {};
  return {
    K6_PROMETHEUS_RW_SERVER_URL: `${prometheusUrl}/api/v1/write`,
    K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  };
}
