import { type Expr, walk } from '../../promql/ast.ts';
import { printPromql } from '../../promql/print.ts';
import type { RecordKnowledge } from '../analysis/empty.ts';
import { limits, selectors } from '../analysis/expression.ts';
import { eitherFacts, type LabelFacts, labelFacts } from '../analysis/labels.ts';
import { hull, type Range } from '../analysis/range.ts';
import { valuesOf } from '../analysis/values.ts';
import type { AuditedRule } from './finding.ts';

/** A comparison with a number in some rule. */
export interface MeasuredLimit {
  in: AuditedRule;
  measured: Expr;
  op: string;
  limit: number;
}

/** Most rules of one name, or limits of one thing, that are compared with each other: it keeps an audit linear in its rules. */
const MAX_COMPARED = 64;

/** Every rule of an audit, indexed for the checks that look at several. */
export class RuleSet {
  readonly rules: readonly AuditedRule[];
  readonly #records = new Map<string, AuditedRule[]>();
  readonly #alerts = new Map<string, AuditedRule[]>();
  readonly #limits = new Map<string, MeasuredLimit[]>();
  readonly #rawLimits = new Map<string, MeasuredLimit[]>();
  readonly #metrics = new Set<string>();
  readonly #watchedFor = new Set<string>();
  /** Whether an alert on `up` covers every target. */
  readonly watchesTargets: boolean;
  readonly #facts = new Map<string, LabelFacts | null>();
  readonly #values = new Map<string, Range | null>();

  constructor(rules: readonly AuditedRule[]) {
    this.rules = rules;
    this.watchesTargets = rules.some(({ rule, expr }) => rule.kind === 'alert' && watchesEveryTarget(expr));
    for (const entry of rules) {
      push(entry.rule.kind === 'record' ? this.#records : this.#alerts, entry.rule.name, entry, MAX_COMPARED);
      for (const { name } of selectors(entry.expr)) if (name !== null) this.#metrics.add(name);
      for (const name of watchedMetrics(entry.expr)) this.#watchedFor.add(name);
      for (const { measured, op, limit } of limits(entry.expr)) {
        const found = { in: entry, measured, op, limit };
        if (entry.rule.kind === 'alert') push(this.#limits, printPromql(measured), found, MAX_COMPARED);
        const metric = rawMetric(measured);
        if (metric !== null) push(this.#rawLimits, metric, found, MAX_COMPARED);
      }
    }
  }

  /** The recording rules that write a metric. Under a name without a colon there may be scraped series too, so nothing is claimed. */
  recordsOf(metric: string): readonly AuditedRule[] {
    if (!metric.includes(':')) return [];
    return this.#records.get(metric) ?? [];
  }

  /** The first alerting rules of a name. */
  alertsNamed(name: string): readonly AuditedRule[] {
    return this.#alerts.get(name) ?? [];
  }

  /** The first comparisons of the same measured expression with a number in alerts. */
  limitsOf(measured: string): readonly MeasuredLimit[] {
    return this.#limits.get(measured) ?? [];
  }

  /** The first comparisons of a metric as it stands, or its extreme or mean, with a number. */
  rawLimitsOf(metric: string): readonly MeasuredLimit[] {
    return this.#rawLimits.get(metric) ?? [];
  }

  /** Whether any rule asks whether a metric is there: with absent(), or for targets that answer without it. */
  watchesFor(metric: string): boolean {
    return this.#watchedFor.has(metric);
  }

  /** Whether any rule reads a metric. */
  reads(metric: string): boolean {
    return this.#metrics.has(metric);
  }

  /** What is certain about the labels of a recorded metric; null for one that no audited rule writes. Rules in a circle know nothing. */
  readonly recordFacts = (metric: string): LabelFacts | null => {
    const known = this.#facts.get(metric);
    if (known !== undefined) return known;
    this.#facts.set(metric, null);
    const facts = this.recordsOf(metric).map(({ expr, rule }) =>
      withRuleLabels(labelFacts(expr, this.recordFacts), rule.labels),
    );
    const joined = facts.length === 0 ? null : facts.reduce(eitherFacts);
    this.#facts.set(metric, joined);
    return joined;
  };

  /** The values that a recorded metric can have; null for one that no audited rule writes. */
  readonly recordValues = (metric: string): Range | null => {
    const known = this.#values.get(metric);
    if (known !== undefined) return known;
    this.#values.set(metric, null);
    const values = this.recordsOf(metric).map(({ expr }) => valuesOf(expr, this.recordValues));
    const joined = values.length === 0 ? null : values.reduce(hull);
    this.#values.set(metric, joined);
    return joined;
  };

  /** Both, as the analyses take them. */
  readonly knowledge: RecordKnowledge = { labels: this.recordFacts, values: this.recordValues };
}

/** `up == 0` over every target. */
function watchesEveryTarget(expr: Expr): boolean {
  return limits(expr).some(
    ({ measured }) => measured.kind === 'selector' && measured.name === 'up' && measured.matchers.length === 0,
  );
}

function watchedMetrics(expr: Expr): string[] {
  return [...walk(expr)].flatMap((node) => {
    if (node.kind === 'call' && node.func.startsWith('absent')) return names(node);
    if (node.kind !== 'binary' || node.op !== 'unless' || node.right.kind !== 'selector') return [];
    const answers = names(node.left).some((name) => name === 'up' || name === 'probe_success');
    return answers ? names(node.right).flatMap(withParts) : [];
  });
}

function names(expr: Expr): string[] {
  return selectors(expr).flatMap(({ name }) => name ?? []);
}

/** The parts of a histogram come and go together. */
function withParts(name: string): string[] {
  const base = /^(.+)_(?:bucket|count|sum)$/.exec(name)?.[1];
  return base === undefined ? [name] : ['bucket', 'count', 'sum'].map((part) => `${base}_${part}`);
}

/** The metric whose own unit an expression has: the series as they stand, or their mean, least or greatest. Null for any other. */
export function rawMetric(expr: Expr): string | null {
  if (expr.kind === 'selector') return expr.name;
  return expr.kind === 'aggregation' && /^(avg|min|max|topk|bottomk)$/.test(expr.op) ? rawMetric(expr.expr) : null;
}

/** The labels of a rule are put over those of its result. */
function withRuleLabels(facts: LabelFacts, labels: ReadonlyMap<string, { text: string }>): LabelFacts {
  const matchers = new Map(facts.matchers);
  for (const [label, { text }] of labels) matchers.set(label, [{ label, op: '=', value: text, from: 0, to: 0 }]);
  const names = [...labels.keys()];
  const only = facts.only === null ? null : new Set([...facts.only, ...names]);
  return { ...facts, only, matchers, absent: new Set([...facts.absent].filter((label) => !labels.has(label))) };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V, most: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (list.length < most) list.push(value);
}
