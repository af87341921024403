import { printDuration } from '../promql/print.ts';
import { type Stretch, sampleCounts, stretchesOf } from './demands.ts';
import type { Limit } from './factor.ts';
import { exprOf, type LinkedRule, mayRead } from './links.ts';
import type { ScaleGroupsOptions } from './types.ts';

/** Samples that a window must hold: with two, one that comes late empties a rate; four leave room for the phase of scrapes as well. */
const SAMPLES_IN_WINDOW = 4;
/** Evaluations that a hold must last, so that pending is seen. */
const EVALUATIONS_IN_HOLD = 2;

export interface RuleDemands {
  limits: Limit[];
  /** Everything that will be divided by the factor, in milliseconds. */
  durationsMs: number[];
}

/**
 * What a rule demands of the clock.
 * @param recorded rules whose series it may read: those have a sample an evaluation, not a scrape.
 * @param intervalOf the interval of the group of a rule.
 */
export function demandsOf(
  linked: LinkedRule,
  recorded: readonly LinkedRule[],
  intervalOf: (rule: LinkedRule) => number,
  options: ScaleGroupsOptions,
): RuleDemands {
  const { wallScrapeMs, wallEvaluationMs, scrapeIntervalMs, evaluationIntervalMs } = options;
  const { rule } = linked;
  const expr = exprOf(linked);
  const stretches = expr === null ? [] : stretchesOf(expr, evaluationIntervalMs);
  const limits = stretches.map((stretch) => stretchLimit(stretch, rule.name, recorded, options));
  for (const [key, ms] of holds(rule)) {
    const held = `${EVALUATIONS_IN_HOLD} evaluations of ${printDuration(wallEvaluationMs)}`;
    limits.push({
      factor: ms / (EVALUATIONS_IN_HOLD * wallEvaluationMs),
      reason: `${key} ${printDuration(ms)} of ${rule.name} lasts ${held}`,
    });
  }
  for (const { func, selector } of expr === null ? [] : sampleCounts(expr)) {
    const writers = recorded.filter((other) => mayRead(selector, other.rule));
    const apart = writers.length === 0 ? scrapeIntervalMs : Math.min(...writers.map(intervalOf));
    const least = writers.length === 0 ? wallScrapeMs : wallEvaluationMs;
    limits.push({
      factor: apart / least,
      reason: `${func} of ${rule.name} counts samples: each ${printDuration(apart)} is ${printDuration(least)}`,
    });
  }
  return { limits, durationsMs: [...stretches.map(({ ms }) => ms), ...holds(rule).map(([, ms]) => ms)] };
}

function stretchLimit(
  { ms, text, kind, selector }: Stretch,
  rule: string,
  recorded: readonly LinkedRule[],
  { wallScrapeMs, wallEvaluationMs }: ScaleGroupsOptions,
): Limit {
  if (kind === 'step') return { factor: ms, reason: `the step of ${text} of ${rule} is a millisecond` };
  const evaluated = selector !== null && recorded.some((other) => mayRead(selector, other.rule));
  const least = evaluated ? wallEvaluationMs : wallScrapeMs;
  const samples = `${SAMPLES_IN_WINDOW} ${evaluated ? 'evaluations' : 'scrapes'} of ${printDuration(least)}`;
  return { factor: ms / (SAMPLES_IN_WINDOW * least), reason: `${text} of ${rule} holds ${samples}` };
}

function holds({ forMs, keepFiringForMs }: LinkedRule['rule']): [string, number][] {
  const all: [string, number][] = [
    ['for', forMs],
    ['keep_firing_for', keepFiringForMs],
  ];
  return all.filter(([, ms]) => ms > 0);
}
