import type { Routing } from '../../../monitoring/audit/mutants/alertmanager/routing.ts';
import { readsClock } from '../../../monitoring/audit/witness/clockwork.ts';
import type { AlertRule, Witness, WitnessResult } from '../../../monitoring/audit/witness/types.ts';
import type { CaseInput, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { aloneExpr, comparedLabels, inhibitorsOf } from '../../../monitoring/drill/synthetic/inhibitors.ts';
import { inlined } from '../../../monitoring/drill/synthetic/inline.ts';
import type { DrillRule } from '../../../monitoring/drill/synthetic/rule.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import type { Expr } from '../../../monitoring/promql/ast.ts';
import { printPromql } from '../../../monitoring/promql/print.ts';
import { findWitnesses } from '../../audit/witnesses.ts';
import { readWitnesses, writeWitnesses } from './witness-cache.ts';

export interface InputOptions {
  readonly promtool: { readonly path: string; readonly version: string };
  readonly signal: AbortSignal;
  readonly onProgress?: (settled: number, total: number) => void;
  /** Where series that were found are kept for the next drill of the same rule; null keeps none. */
  readonly cacheDir?: string | null;
  /** Who inhibits whom: an alert whose series also fire one that inhibits it would never be delivered. */
  readonly routing?: Routing;
}

/**
 * Looks for series that make each alert fire and keep it silent: through its recording rules where it reads some, else series of what they
 * record.
 */
export async function findInputs(
  alerts: readonly DrillRule[],
  sources: Sources,
  { promtool, signal, onProgress = () => {}, cacheDir = null, routing }: InputOptions,
): Promise<{ inputs: CaseInput[]; undrillable: Undrillable[] }> {
  const search = async (searched: Map<AlertRule, DrillRule>, through: boolean) => {
    const results = readWitnesses(cacheDir, promtool.version, [...searched.keys()]);
    const rules = [...searched.keys()].filter((rule) => !results.has(rule));
    const found = await findWitnesses({ rules, recordingRules: [], promtool, signal, onProgress });
    writeWitnesses(cacheDir, promtool.version, found);
    for (const [rule, result] of found) results.set(rule, result);
    return [...searched].map(([key, rule]) => ({ rule, searched: key.ast, result: results.get(key), through }));
  };
  const whole = new Map<AlertRule, DrillRule>();
  const plain = new Map<AlertRule, DrillRule>();
  for (const rule of alerts) {
    const expr = inlined(rule, sources);
    if (expr === null) plain.set(toAlertRule(rule), rule);
    else whole.set({ ...toAlertRule(rule), expr: printPromql(expr), ast: expr }, rule);
  }
  const through = await search(whole, true);
  const [found, lost] = [through.filter(isFound), through.filter((each) => !isFound(each))];
  for (const { rule } of lost) plain.set(toAlertRule(rule), rule);
  const all = [...found, ...(await search(plain, false))];
  const alone = new Map<number, Witness>();
  const asked = new Map<AlertRule, DrillRule>();
  for (const { rule, searched } of routing === undefined ? [] : all.filter(isFound)) {
    const expr = aloneOf(rule, searched, alerts, sources, routing as Routing);
    if (expr !== null) asked.set({ ...toAlertRule(rule), expr: printPromql(expr), ast: expr }, rule);
  }
  for (const { rule, result } of await search(asked, true)) {
    if (result?.outcome === 'found') alone.set(rule.id, result.witness);
  }
  const inputs: CaseInput[] = [];
  const undrillable: Undrillable[] = [];
  for (const { rule, searched, result, through: recorded } of all.toSorted((a, b) => a.rule.id - b.rule.id)) {
    if (result?.outcome !== 'found') undrillable.push(withoutWitness(rule, result));
    else inputs.push(withoutInhibitors(caseInput(rule, searched, result.witness, recorded), alone.get(rule.id)));
  }
  return { inputs, undrillable };
}

/** The expression of an alert without those that inhibit it; null where there are none. */
function aloneOf(
  rule: DrillRule,
  searched: Expr,
  alerts: readonly DrillRule[],
  sources: Sources,
  routing: Routing,
): Expr | null {
  const inhibitors = inhibitorsOf(rule, alerts, routing);
  if (inhibitors.length === 0) return null;
  const expressions = inhibitors.map((each) => inlined(each, sources) ?? each.ast);
  return aloneExpr(searched, expressions, comparedLabels(rule, routing));
}

/** The case with series that fire its alert and none that inhibits it, where such were found. */
function withoutInhibitors(input: CaseInput, witness: Witness | undefined): CaseInput {
  if (witness === undefined) return input;
  const { faulty, healthy, intervalMs, holdFromMs, episode } = caseInput(
    input.rule,
    input.searched,
    witness,
    input.through,
  );
  return { ...input, faulty, healthy: healthy ?? input.healthy, intervalMs, holdFromMs, episode };
}

function isFound({ result }: { result: WitnessResult | undefined }): boolean {
  return result?.outcome === 'found';
}

function caseInput(rule: DrillRule, searched: Expr, witness: Witness, through: boolean): CaseInput {
  const { series, healthy, near, brief, episode, intervalMs, evaluationMs, endMs, alwaysFires } = witness;
  return {
    rule,
    healthy: healthy?.series ?? null,
    faulty: series,
    near: readsClock(searched) ? (brief ?? near) : (near ?? brief),
    episode: episode?.series ?? null,
    holdFromMs: endMs - Math.ceil(rule.forMs / evaluationMs) * evaluationMs,
    intervalMs,
    alwaysFires,
    searched,
    through,
  };
}

function withoutWitness(rule: DrillRule, result: WitnessResult | undefined): Undrillable {
  if (result?.outcome === 'impossible') {
    return { rule, outcome: 'fail', reason: `missed: it can never fire: ${result.reason}` };
  }
  if (result?.outcome === 'unsupported') {
    return { rule, outcome: 'inconclusive', reason: `no series to drill it with: ${result.construct}` };
  }
  const after = result?.outcome === 'gaveUp' ? result.after : 'the search did not end';
  return { rule, outcome: 'inconclusive', reason: `no series found that make it fire: ${after}` };
}

function toAlertRule(rule: DrillRule): AlertRule {
  const { file, group, groupIntervalMs, line, name, expr, ast, forMs, keepFiringForMs, labels, annotations } = rule;
  return {
    file,
    group,
    groupIntervalMs,
    place: { line, column: 1 },
    alert: name,
    expr,
    ast,
    forMs,
    keepFiringForMs,
    labels,
    annotations,
  };
}
