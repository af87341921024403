import { type Expr, walk } from '../../promql/ast.ts';
import { type Clockwork, clockworkFor } from './clockwork.ts';
import { type Choice, chooseLabels } from './labels/choose.ts';
import { inferLabels, SPARE_LABEL, universeOf } from './labels/infer.ts';
import type { LabelSpace } from './labels/space.ts';
import type { Plan } from './plans.ts';
import { anything, type Context } from './solve/context.ts';
import { presentAll } from './solve/present.ts';
import { searchSignals } from './solve/search.ts';
import { BudgetSpent, Solver } from './solve/solver.ts';
import { type AlertTiming, type Timeline, timeline } from './timeline.ts';

/** A solved input that fires in the model. */
export interface Attempt {
  readonly solver: Solver;
  readonly context: Context;
  readonly clockwork: Clockwork;
  readonly timing: AlertTiming;
  readonly timeline: Timeline & { readonly fireAtMs: number; readonly activeAtMs: number };
}

export interface AttemptRule {
  readonly expr: Expr;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly groupIntervalMs: number | null;
  /** Labels that annotations and labels of the rule speak of. */
  readonly mentioned: readonly string[];
}

export interface AttemptOptions {
  readonly leftOpen: boolean;
  readonly warmUps: readonly number[];
  readonly budget: number;
}

/** A test with more samples takes promtool longer than it is worth. */
const MAX_SAMPLES = 400_000;

/** Follows one plan. Null: it led to nothing. */
export function attempt(rule: AttemptRule, plan: Plan, { leftOpen, warmUps, budget }: AttemptOptions): Attempt | null {
  const warmUpMs = plan.warmUp === 0 ? 0 : (warmUps[plan.warmUp - 1] ?? 0);
  const clockwork = clockworkFor(rule.expr, rule.forMs, rule.groupIntervalMs, warmUpMs, leftOpen);
  const space = inferLabels(
    rule.expr,
    universeOf(rule.expr, plan.labels === 'targets' ? rule.mentioned : []),
    plan.branches,
  );
  const chosen = chooseLabels(space, rule.expr, {
    fanOut: new Map(),
    named: namedLabels(rule, plan.labels),
    seed: plan.seed,
  });
  if ('unsatisfied' in chosen) return null;
  const solver = new Solver({
    expr: rule.expr,
    space,
    choice: chosen.choice,
    branches: plan.branches,
    clock: clockwork,
    times: [clockwork.holdFromMs, clockwork.endMs],
    regional: plan.regional,
    budget,
  });
  const context = spreadContext(solver, plan, space, chosen.choice);
  if (context === null) return null;
  try {
    if (context.only.size > 0) presentAll(solver, { ...context, only: new Map() });
    if (plan.search) searchSignals(solver, context);
    else solver.solve(rule.expr, anything(solver.times), context);
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return null;
  }
  const timing = { forMs: rule.forMs, keepFiringForMs: rule.keepFiringForMs, evaluationMs: clockwork.evaluationMs };
  const found = timeline(solver.evaluator, rule.expr, timing, clockwork.endMs, true);
  if (found.fireAtMs === null || found.activeAtMs === null) return null;
  const present = solver.pool.all.filter((series) => series.present).length;
  if ((present * clockwork.endMs) / clockwork.intervalMs > MAX_SAMPLES) return null;
  return {
    solver,
    context,
    clockwork,
    timing,
    timeline: { ...found, fireAtMs: found.fireAtMs, activeAtMs: found.activeAtMs },
  };
}

function namedLabels({ expr, mentioned }: AttemptRule, labels: Plan['labels']): Set<string> {
  const named = new Set<string>();
  if (labels === 'bare') return named;
  for (const node of walk(expr)) {
    if (node.kind === 'aggregation') for (const label of node.grouping?.labels ?? []) named.add(label);
    if (node.kind === 'binary' && node.matching?.on) for (const label of node.matching.labels) named.add(label);
    if (node.kind === 'binary') for (const label of node.matching?.include ?? []) named.add(label);
  }
  if (labels === 'targets') for (const label of ['instance', 'job', ...mentioned]) named.add(label);
  return named;
}

/** Fans out one label over all series, and restricts the search to the first of them. */
function spreadContext(solver: Solver, { spread, reach }: Plan, space: LabelSpace, choice: Choice): Context | null {
  const plain: Context = { only: new Map(), prefer: 1, reach, slope: false };
  if (spread === null) return plain;
  const grouped = [...walk(solver.expr)].flatMap((node) =>
    node.kind === 'aggregation' && node.grouping?.by ? node.grouping.labels : [],
  );
  const order = ['instance', ...new Set(grouped), SPARE_LABEL, 'job'];
  const free = space
    .classes()
    .filter(({ label, matchers }) => label !== '__name__' && label !== 'le' && matchers.every(({ op }) => op !== '='))
    .sort((a, b) => rank(a.label) - rank(b.label));
  const target = [...new Map(free.map((unknown) => [unknown.label, unknown])).values()][spread.label];
  if (target === undefined) return null;
  const only = new Map<number, string>();
  for (const { id } of free.filter(({ label }) => label === target.label)) {
    const values = Array.from(
      { length: spread.count },
      (_, index) => `${target.label.replaceAll('_', '-')}-${index + 1}`,
    );
    const [first] = values;
    if (first === undefined || choice.get(id) === undefined || !solver.fanOut(id, values)) return null;
    only.set(id, first);
  }
  return { ...plain, only };

  function rank(label: string): number {
    const at = order.indexOf(label);
    return at < 0 ? order.length : at;
  }
}
