import type { Place } from '../../../thresholds/model.ts';
import type { Expr } from '../../promql/ast.ts';
import type { Rule, RuleGroup } from '../rule-file/model.ts';
import type { RuleSet } from './rule-set.ts';

/** `error`: the rule cannot do its job. `advice`: it can, and could do it better. */
export type Severity = 'error' | 'advice';

/** Something about a rule that its authors should know. */
export interface Finding {
  id: string;
  severity: Severity;
  place: Place;
  /** How many characters of that line are meant. */
  length: number;
  explanation: string;
  /** What to write instead; null where that is a decision of its authors. */
  fix: string | null;
  /** Other rules that take part in it. */
  related: readonly { name: string; place: Place }[];
}

/** A rule whose expression could be read, with where it stands. */
export interface AuditedRule {
  file: string;
  group: RuleGroup;
  rule: Rule;
  expr: Expr;
}

/** What the audit assumes about the Prometheus that runs the rules. */
export interface AuditOptions {
  /** How often targets are scraped. */
  scrapeIntervalMs: number;
}

/** What a check looks at: one rule, among all others of the audit. */
export interface CheckContext extends AuditedRule {
  all: RuleSet;
  options: AuditOptions;
}

/** What a check saw: a part of the expression, or a place elsewhere in the rule. */
export interface Detection {
  at: { from: number; to: number } | (Place & { length: number });
  explanation: string;
  fix?: string;
  /** Where it differs from that of the check. */
  severity?: Severity;
  related?: readonly AuditedRule[];
}

/** One kind of finding. */
export interface Check {
  severity: Severity;
  /** What is wrong, for the list of checks: one clause. */
  title: string;
  detect: (context: CheckContext) => readonly Detection[];
}
