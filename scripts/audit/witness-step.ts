import type { RuleFindings } from '../../monitoring/audit/findings/find.ts';
import type { AlertRule, RecordingRule, WitnessResult } from '../../monitoring/audit/witness/types.ts';
import { findWitnesses } from './witnesses.ts';

export interface WitnessStepOptions {
  promtool: { path: string; version: string };
  signal: AbortSignal;
  onProgress: (settled: number, total: number) => void;
}

/** Looks for a witness of every alert whose expression could be read. */
export async function witnessStep(
  found: readonly RuleFindings[],
  options: WitnessStepOptions,
): Promise<Map<RuleFindings, WitnessResult>> {
  const entries = new Map<AlertRule, RuleFindings>();
  for (const entry of found) {
    const alert = entry.rule.kind === 'alert' ? toAlertRule(entry) : null;
    if (alert !== null) entries.set(alert, entry);
  }
  const recordingRules = found.flatMap((entry) => (entry.rule.kind === 'record' ? (toRecordingRule(entry) ?? []) : []));
  const results = await findWitnesses({ rules: [...entries.keys()], recordingRules, ...options });
  const byEntry = new Map<RuleFindings, WitnessResult>();
  for (const [alert, result] of results) {
    const entry = entries.get(alert);
    if (entry !== undefined) byEntry.set(entry, result);
  }
  return byEntry;
}

/** An alert as the search reads it; null where its expression is no PromQL. */
export function toAlertRule({ file, group, rule, expr }: RuleFindings): AlertRule | null {
  if (expr === null) return null;
  return {
    file,
    group: group.name,
    groupIntervalMs: group.intervalMs,
    place: { line: rule.place.line, column: rule.place.column },
    alert: rule.name,
    expr: rule.expr.text,
    ast: expr,
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    labels: texts(rule.labels),
    annotations: texts(rule.annotations),
  };
}

/** A recording rule as the search reads it; null where its expression is no PromQL. */
export function toRecordingRule({ file, group, rule, expr }: RuleFindings): RecordingRule | null {
  if (expr === null) return null;
  return {
    file,
    group: group.name,
    groupIntervalMs: group.intervalMs,
    record: rule.name,
    expr: rule.expr.text,
    ast: expr,
    labels: texts(rule.labels),
  };
}

function texts(entries: ReadonlyMap<string, { text: string }>): Record<string, string> {
  return Object.fromEntries([...entries].map(([name, { text }]) => [name, text]));
}
