import { type Attempt, type AttemptRule, attempt } from './attempt.ts';
import { otherWarmUps } from './clockwork.ts';
import { plansFor } from './plans.ts';
import { captured } from './scenarios/capture.ts';
import { brief, episode } from './scenarios/episode.ts';
import { healthySets } from './scenarios/healthy.ts';
import { nearMisses } from './scenarios/near.ts';
import type { Episode, Scenario, WitnessSeries } from './types.ts';

/** A witness that holds in the model, and where to look for its near misses. */
export interface Candidate {
  readonly series: readonly WitnessSeries[];
  readonly intervalMs: number;
  readonly evaluationMs: number;
  readonly endMs: number;
  readonly activeAtMs: number;
  readonly fireAtMs: number;
  readonly near: Iterator<Scenario>;
  readonly healthy: Iterator<Scenario>;
  readonly brief: Scenario | null;
  readonly episode: Episode | null;
}

export interface FindOptions {
  /** Whether windows leave their oldest edge out, as from Prometheus 3 on. */
  readonly leftOpen: boolean;
  /** Milliseconds now; a search ends when it has taken `limitMs`. */
  readonly now: () => number;
  readonly limitMs: number;
}

const BUDGET = 6_000;
const CLOCK = { intervalMs: 60_000, evaluationMs: 60_000 };

/** Candidates for an alert, the likeliest first. Ends when all plans or the time are used up. */
export function* candidatesFor(rule: AttemptRule, { leftOpen, now, limitMs }: FindOptions): Generator<Candidate> {
  const warmUps = otherWarmUps(rule.expr, rule.forMs, { ...CLOCK, leftOpen });
  let spent = 0;
  let start = now();
  for (const plan of plansFor(rule.expr, warmUps.length)) {
    const found = attempt(rule, plan, { leftOpen, warmUps, budget: BUDGET });
    spent += now() - start;
    if (found !== null) yield candidate(found);
    // Time between two requests is not the search's.
    start = now();
    if (spent > limitMs) return;
  }
}

function candidate(found: Attempt): Candidate {
  const { solver, clockwork, timeline } = found;
  const witness = solver.pool.save();
  const series = captured(found);
  const healthy = healthySets(found, witness);
  const calm = healthy.next();
  const calmState = solver.pool.save();
  const both = calm.done !== true;
  const [short, whole] = both ? [brief(found, witness, calmState), episode(found, witness, calmState)] : [null, null];
  return {
    series,
    intervalMs: clockwork.intervalMs,
    evaluationMs: clockwork.evaluationMs,
    endMs: clockwork.endMs,
    activeAtMs: timeline.activeAtMs,
    fireAtMs: timeline.fireAtMs,
    near: nearMisses(found, witness),
    healthy: prepend(calm, healthy),
    brief: short,
    episode: whole,
  };
}

function* prepend<T>(first: IteratorResult<T, unknown>, rest: Iterator<T>): Generator<T> {
  if (first.done !== true) yield first.value;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}
