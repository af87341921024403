import { worstOutcome } from '../../thresholds/outcome.ts';
import { type HarnessProblem, type Verdict, verdictRows } from '../../thresholds/verdict.ts';
import { HarnessError } from '../process/harness-error.ts';
import { watchEventLoop } from './lag.ts';

/** Gathers a verdict while a run goes on, so that what was measured survives whatever happens next. */
export interface Recorder {
  verdict: Omit<Verdict, 'outcome' | 'finishedAt'>;
  /** Notes that a phase was cut short. A HarnessError keeps its reason and hint; anything else is an error of firedrill's own. */
  fail: (phase: string, error: unknown) => void;
  problem: (problem: HarnessProblem) => void;
  finish: () => Verdict;
}

/** A recorder of a run that has not looked at anything yet. */
export function createRecorder(command: string, environment: string, profile: string | null): Recorder {
  const lag = watchEventLoop();
  const verdict: Recorder['verdict'] = {
    schema: 1,
    command,
    profile,
    environment,
    startedAt: new Date().toISOString(),
    load: [],
    probes: [],
    alerts: [],
    dashboards: [],
    harness: {
      k6: null,
      prometheus: null,
      alertmanager: null,
      node: process.versions.node,
      droppedIterations: 0,
      eventLoopLagP99Ms: 0,
      problems: [],
    },
  };
  const problem = (found: HarnessProblem) => {
    const known = verdict.harness.problems.some(({ reason }) => reason === found.reason);
    if (!known) verdict.harness.problems.push(found);
  };
  return {
    verdict,
    problem,
    fail: (phase, error) => problem({ phase, outcome: 'broken', reason: explain(error) }),
    finish: () => {
      verdict.harness.eventLoopLagP99Ms = lag.p99Ms();
      lag.stop();
      return { ...verdict, finishedAt: new Date().toISOString(), outcome: worstOutcome(verdictRows(verdict)) };
    },
  };
}

function explain(error: unknown): string {
  if (error instanceof HarnessError) return error.describe();
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
