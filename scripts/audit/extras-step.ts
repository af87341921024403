import { readFileSync } from 'node:fs';
import { type CoveredAlert, coverageOf, type DrillVerdict } from '../../monitoring/audit/coverage.ts';
import type { RuleFindings } from '../../monitoring/audit/findings/find.ts';
import { goldenTests, type RoutedAlert } from '../../monitoring/audit/mutants/alertmanager/cases.ts';
import { judgeRouting, type RoutingTests } from '../../monitoring/audit/mutants/alertmanager/judge.ts';
import { readRouteCases } from '../../monitoring/audit/mutants/alertmanager/read-cases.ts';
import { readRouting } from '../../monitoring/audit/mutants/alertmanager/read-config.ts';
import type { Routing } from '../../monitoring/audit/mutants/alertmanager/routing.ts';
import type { Extras } from '../../monitoring/audit/report.ts';
import type { WitnessResult } from '../../monitoring/audit/witness/types.ts';
import type { Problem, SourceFile } from '../../thresholds/load/problem.ts';
import { UsageError } from '../usage-error.ts';

/** The Alertmanager file of an audit, and the routing cases that people wrote for it. */
export interface RoutingInput {
  routing: Routing;
  /** Null: every alert must go where the file sends it now. */
  given: RoutingTests | null;
}

export interface ExtrasOptions {
  routing: RoutingInput | null;
  /** False: the Alertmanager file is read for the coverage alone. */
  mutants: boolean;
  drill: DrillVerdict | null;
  /** Whether somebody named the drill; else it counts only where it is about these alerts. */
  asked: boolean;
  /** Whether tests were looked at. */
  tested: boolean;
}

/** Routes and inhibition under mutation, and what tests and the last drill cover. */
export function extrasStep(
  found: readonly RuleFindings[],
  witnesses: ReadonlyMap<RuleFindings, WitnessResult>,
  tests: ReadonlyMap<RuleFindings, readonly string[]>,
  { routing: input, mutants, drill: last, asked, tested }: ExtrasOptions,
): Omit<Extras, 'minScore'> {
  const alerts = found.filter(({ rule }) => rule.kind === 'alert');
  const routed = alerts.map((entry) => ({ entry, ...routedAlert(entry, witnesses.get(entry)) }));
  const judged =
    input === null || !mutants
      ? null
      : judgeRouting(input.routing, input.given ?? { tests: goldenTests(input.routing, routed), file: null });
  const names = new Set(alerts.map(({ rule }) => rule.name));
  const drill = asked || last?.alerts.some(({ alert }) => names.has(alert)) === true ? last : null;
  const covered = routed.map(({ entry, labels }): CoveredAlert => {
    const count = tests.get(entry)?.length ?? 0;
    return { file: entry.file, alert: entry.rule.name, labels, tests: tested ? count : null };
  });
  const nothing = !tested && drill === null && input === null;
  return {
    testFaults: judged?.faults ?? [],
    routing: judged?.report ?? null,
    coverage: nothing ? null : coverageOf(covered, input?.routing ?? null, drill),
  };
}

/** The labels with which an alert was seen to fire; without a witness those that its rule fixes. */
function routedAlert({ rule }: RuleFindings, result: WitnessResult | undefined): RoutedAlert {
  const plain = [...rule.labels].filter(([, { text }]) => !text.includes('{{'));
  const own = Object.fromEntries(plain.map(([name, { text }]) => [name, text]));
  const fired = result?.outcome === 'found' ? (result.witness.firingLabels[0] ?? {}) : {};
  return { labels: { ...fired, ...own, alertname: rule.name }, fixed: new Set(['alertname', ...Object.keys(own)]) };
}

/** Reads an Alertmanager file and routing cases for it. */
export function readRoutingInput(
  config: SourceFile,
  cases: SourceFile | null,
): { input: RoutingInput | null; problems: Problem[] } {
  const routing = readRouting(config);
  if (Array.isArray(routing)) return { input: null, problems: routing };
  if (cases === null) return { input: { routing, given: null }, problems: [] };
  const tests = readRouteCases(cases);
  const problems = tests.filter((each) => 'rule' in each);
  if (problems.length > 0) return { input: null, problems };
  return {
    input: { routing, given: { tests: tests.filter((each) => 'holds' in each), file: cases.path } },
    problems: [],
  };
}

/**
 * The verdict of the last drill.
 * @throws UsageError when the file is there and is no verdict.
 */
export function readDrill(path: string): DrillVerdict {
  const fix = 'name the verdict.json of a run with --drill FILE';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, fix);
  }
  const verdict = content as Partial<DrillVerdict>;
  if (!Array.isArray(verdict?.alerts) || !Array.isArray(verdict.dashboards) || typeof verdict.finishedAt !== 'string') {
    throw new UsageError(`${path} is no verdict of a run`, fix);
  }
  return verdict as DrillVerdict;
}
