import type { DrillJudgement } from '../../../monitoring/drill/judge.ts';
import type { Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { CONTROL_NAME } from '../../../monitoring/drill/synthetic/control.ts';
import type { DrillCaseResult } from '../../../monitoring/drill/synthetic/result.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { syntheticRow } from '../../../monitoring/drill/synthetic/row.ts';
import type { DrillRule, DrillRules, UnreadableAlert } from '../../../monitoring/drill/synthetic/rule.ts';
import type { Outcome } from '../../../thresholds/outcome.ts';
import type { HarnessProblem } from '../../../thresholds/verdict.ts';
import { HarnessError } from '../../process/harness-error.ts';
import type { SyntheticDrillOptions, SyntheticDrillResult } from './types.ts';
import type { Played } from './wave.ts';

/** A case that was played and judged. */
export interface Judged extends Played {
  readonly judgement: DrillJudgement;
  readonly attempts: number;
}

interface Collected {
  readonly options: Pick<SyntheticDrillOptions, 'plan'>;
  readonly rules: DrillRules;
  readonly fileProblems: SyntheticDrillResult['fileProblems'];
  readonly routes?: DrillRoutes;
  readonly judged?: ReadonlyMap<number, Judged>;
  readonly undrillable?: readonly Undrillable[];
  readonly wallMs?: number;
  /** What ended the drill before its time. */
  readonly error?: unknown;
}

/** The result of a drill, one case for each alert of the files, in their order. */
export function collectResults(collected: Collected): SyntheticDrillResult {
  const { options, rules, fileProblems, routes, judged = new Map(), undrillable = [], wallMs = 0, error } = collected;
  const lost = new Map(undrillable.map((each) => [each.rule.id, each]));
  const modeOf = (rule: Pick<DrillRule, 'name' | 'labels' | 'file' | 'line'>) => options.plan?.(rule);
  const alerts = rules.rules.filter(({ kind }) => kind === 'alert');
  const drilled = alerts.filter((rule) => !['excluded', 'second-stack'].includes(modeOf(rule)?.mode ?? 'full'));
  const cases = drilled.map((rule): DrillCaseResult => {
    const each = judged.get(rule.id);
    if (each !== undefined) return { ...identity(rule), ...played(each) };
    const why = lost.get(rule.id);
    const [outcome, reason] = why === undefined ? unplayed(collected) : ([why.outcome, why.reason] as const);
    return { ...identity(rule), ...NOTHING, mode: modeOf(rule)?.mode ?? 'full', outcome, reason };
  });
  const unread = rules.unreadable.map((alert): DrillCaseResult => {
    return { ...identity(alert), ...NOTHING, mode: 'full', outcome: 'fail', reason: `missed: ${alert.reason}` };
  });
  const all = [...cases, ...unread];
  return {
    rows: all.map(syntheticRow),
    cases: all,
    notDrilled: alerts
      .filter((rule) => !drilled.includes(rule))
      .map((rule) => {
        const { mode = 'excluded', reason = '' } = modeOf(rule) ?? {};
        return { system: identity(rule).system, alert: rule.name, mode, reason };
      }),
    fileProblems,
    problems: [...errorProblem(error), ...controlProblem([...judged.values()], cases)],
    notes: routes?.notes ?? [],
    wallSeconds: Math.round(wallMs) / 1_000,
  };
}

const NOTHING = {
  factor: 1,
  limitedBy: '',
  wallEvaluationMs: 0,
  realTimeMs: 0,
  expected: null,
  observed: null,
  limits: [],
  attempts: 0,
} as const;

function identity({ name, file, line, group, labels }: DrillRule | UnreadableAlert) {
  const { severity = '', system = group } = labels;
  return { id: `${file}:${line}`, alert: name, file, line, group, system, severity };
}

function played({ case: each, expected, observed, judgement, attempts }: Judged) {
  const { clock, limits, mode, onMs, endMs } = each;
  const undecided = judgement.outcome === 'undecided';
  const unwatched = expected.resolved === null && mode === 'full' && judgement.outcome === 'pass';
  const outcome: Outcome = undecided || unwatched ? 'inconclusive' : (judgement.outcome as Outcome);
  const reason = unwatched
    ? 'it fired and was delivered; it would resolve too long after its fault to be watched'
    : judgement.reason;
  return {
    mode,
    factor: clock.factor,
    limitedBy: clock.limitedBy,
    wallEvaluationMs: clock.wallEvaluationMs,
    realTimeMs: endMs - onMs,
    expected,
    observed,
    limits,
    attempts,
    outcome,
    reason: undecided ? `undecided after ${attempts} attempts: ${reason}` : reason,
  };
}

/** Why an alert that could be drilled was not. */
function unplayed({ error, fileProblems }: Collected): readonly [Outcome, string] {
  if (error === undefined) {
    const [first] = fileProblems;
    return first === undefined
      ? ['inconclusive', 'it was not drilled']
      : ['fail', `not drilled: ${first.file}:${first.line}: ${first.rule}`];
  }
  return ['broken', `not finished: ${error instanceof HarnessError ? error.message : String(error)}`];
}

function errorProblem(error: unknown): HarnessProblem[] {
  if (error === undefined) return [];
  const reason =
    error instanceof HarnessError
      ? error.describe()
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  return [{ phase: 'drill', outcome: 'broken', reason }];
}

/** A drill that does not notice a rule that cannot match has seen nothing. */
function controlProblem(judged: readonly Judged[], cases: readonly DrillCaseResult[]): HarnessProblem[] {
  const control = judged.find((each) => each.case.rule.name === CONTROL_NAME);
  if (control === undefined || control.judgement.reason.includes('missed: it never fired')) return [];
  if (!cases.some(({ outcome }) => outcome === 'pass')) return [];
  const seen = control.judgement.reason || 'it passed';
  return [
    { phase: 'drill', outcome: 'broken', reason: `a rule that cannot match was not reported as missed: ${seen}` },
  ];
}
