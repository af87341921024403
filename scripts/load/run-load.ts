import { mkdir } from 'node:fs/promises';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';
import { type LoadOptions, type LoadPlan, planLoad } from '../../thresholds/plan-load.ts';
import { PROFILES, type ProfileName } from '../../thresholds/profiles.ts';
import { formatCount } from '../../thresholds/units.ts';
import type { HarnessProblem, LoadRow } from '../../thresholds/verdict.ts';
import type { ProcessScope } from '../process/scope.ts';
import { bundleScenarios, packagedScenarios } from './bundle.ts';
import { readConsole } from './console.ts';
import { k6End } from './exit-codes.ts';
import { judgeLoad } from './judge.ts';
import { k6Options } from './k6-options.ts';
import { reachedRows } from './ladder.ts';
import { METRIC_KEY } from './metric-keys.ts';
import { scenarioRequests } from './requests.ts';
import { type K6Outcome, runK6 } from './run-k6.ts';
import { sumReason } from './spoils.ts';
import { figure } from './summary.ts';
import { trust } from './trust.ts';

export interface LoadRun {
  catalogue: Catalogue;
  addresses: AddressBook;
  profile: ProfileName;
  options?: LoadOptions;
  k6Path: string;
  scope: ProcessScope;
  /** Folder of this load run; made if needed. */
  dir: string;
  /** Base URL of a Prometheus that takes remote writes with native histograms; null for none. */
  prometheusUrl: string | null;
  /** Certificate authority to trust besides the system's; null for none. */
  caFile: string | null;
  /** Where secrets are looked up. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
  /** A scenario program of one's own, with the exports of `scenarios/main.ts`. */
  entry?: string;
}

export interface LoadProgress {
  elapsedMs: number;
  /** Planned length; the last answers may take longer. */
  totalMs: number;
}

export interface LoadResult {
  /** One for each objective of each endpoint, in the order of the catalogue. */
  rows: LoadRow[];
  requests: number;
  droppedIterations: number;
  exceptions: number;
  seconds: number;
  /** Share of all processors that k6 used; null where it cannot be read. */
  cpuShare: number | null;
  problems: HarnessProblem[];
  k6ExitCode: number | null;
}

/**
 * Puts the load of a profile on every loadable service of the catalogue, in one k6 process, and judges each promise. Stopped
 * by the signal it still judges what was measured.
 * @throws HarnessError when k6 cannot even be started: no address, no secret, no bundle, no program.
 */
export async function runLoad(run: LoadRun): Promise<LoadResult> {
  const plan = planLoad(run.catalogue, PROFILES[run.profile], run.options);
  if (plan.endpoints.every(({ schedule }) => schedule.kind === 'none')) return nothingSent(plan);
  await mkdir(run.dir, { recursive: true });
  const { rows, secrets } = scenarioRequests(plan.endpoints, run.addresses, run.env);
  const program = await bundleScenarios(run.entry ?? packagedScenarios(), run.dir);
  const outcome = await runK6({
    scope: run.scope,
    k6Path: run.k6Path,
    dir: run.dir,
    program,
    options: k6Options(plan),
    plan: { rows },
    env: { ...secrets, ...(await trust(plan, run)) },
    prometheusUrl: run.prometheusUrl,
    signal: run.signal,
    onTick: (elapsedMs) => run.onProgress?.({ elapsedMs, totalMs: plan.durationMs }),
  });
  return toResult(plan, outcome);
}

/** What a run of k6 amounts to. */
export function toResult(plan: LoadPlan, outcome: K6Outcome): LoadResult {
  const { status, summary } = outcome;
  const { errors, uncaught } = outcome.log;
  const end = k6End(status.code, status.signal, outcome.stopped);
  const reason = end.kind === 'broken' ? [end.reason, ...errors].join('\n') : null;
  const problems: HarnessProblem[] = reason === null ? [] : [{ phase: 'load', outcome: 'broken', reason }];
  const endedEarly = end.kind === 'judge' ? null : end.kind === 'broken' ? end.reason : 'the run was interrupted';
  const counted = summary ?? { metrics: {}, state: { testRunDurationMs: 0 } };
  if (summary === null && problems.length === 0 && !outcome.stopped) {
    problems.push({ phase: 'load', outcome: 'broken', reason: ['k6 left no summary', ...errors].join('\n') });
  }
  const thrown = sum(uncaught);
  if (thrown > 0 && end.kind !== 'broken') {
    const [first] = uncaught.values();
    const reason = `the scenario threw in ${formatCount(thrown)} iterations: ${first?.first ?? ''}`;
    problems.push({ phase: 'load', outcome: 'broken', reason });
  }
  const mismatch = sumReason(plan, counted);
  if (mismatch !== null) problems.push({ phase: 'load', outcome: 'inconclusive', reason: mismatch });
  const console = readConsole(outcome.consoleFile);
  return {
    rows: [
      ...judgeLoad(plan, counted, { cpuShare: outcome.cpuShare, console, uncaught, endedEarly }),
      ...reachedRows(plan, counted),
    ],
    requests: figure(counted, METRIC_KEY.allRequests, 'count'),
    droppedIterations: figure(counted, METRIC_KEY.allDropped, 'count'),
    exceptions: figure(counted, METRIC_KEY.allExceptions, 'count') + thrown,
    seconds: outcome.seconds,
    cpuShare: outcome.cpuShare,
    problems,
    k6ExitCode: status.code,
  };
}

/** A run without a single request, such as one with a budget of none: there is nothing to start k6 for. */
function nothingSent(plan: LoadPlan): LoadResult {
  return toResult(plan, {
    status: { code: 0, signal: null },
    stopped: false,
    summary: { metrics: {}, state: { testRunDurationMs: 0 } },
    consoleFile: '',
    cpuShare: null,
    seconds: 0,
    log: { errors: [], uncaught: new Map() },
  });
}

function sum(uncaught: K6Outcome['log']['uncaught']): number {
  return [...uncaught.values()].reduce((all, { count }) => all + count, 0);
}
