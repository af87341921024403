import type { AlertRule, Witness, WitnessResult } from '../../../monitoring/audit/witness/types.ts';
import type { CaseInput, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import type { DrillRule } from '../../../monitoring/drill/synthetic/rule.ts';
import { findWitnesses } from '../../audit/witnesses.ts';

export interface InputOptions {
  readonly promtool: { readonly path: string; readonly version: string };
  readonly signal: AbortSignal;
  readonly onProgress?: (settled: number, total: number) => void;
}

/** Looks for series that make each alert fire and keep it silent. */
export async function findInputs(
  alerts: readonly DrillRule[],
  { promtool, signal, onProgress = () => {} }: InputOptions,
): Promise<{ inputs: CaseInput[]; undrillable: Undrillable[] }> {
  const rules = new Map(alerts.map((rule) => [toAlertRule(rule), rule]));
  const results = await findWitnesses({ rules: [...rules.keys()], recordingRules: [], promtool, signal, onProgress });
  const inputs: CaseInput[] = [];
  const undrillable: Undrillable[] = [];
  for (const [searched, rule] of rules) {
    const result = results.get(searched);
    if (result?.outcome === 'found') inputs.push(caseInput(rule, result.witness));
    else undrillable.push(withoutWitness(rule, result));
  }
  return { inputs, undrillable };
}

function caseInput(rule: DrillRule, witness: Witness): CaseInput {
  const { series, healthy, near, brief, episode, intervalMs, evaluationMs, endMs, alwaysFires } = witness;
  return {
    rule,
    healthy: healthy?.series ?? null,
    faulty: series,
    near: near ?? brief,
    episode: episode?.series ?? null,
    holdFromMs: endMs - Math.ceil(rule.forMs / evaluationMs) * evaluationMs,
    intervalMs,
    alwaysFires,
    through: false,
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
