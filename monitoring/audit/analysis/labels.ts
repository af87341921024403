import type { Aggregation, Binary, Call, Expr, Matcher, VectorSelector } from '../../promql/ast.ts';
import { isSetOperator } from '../../promql/ast.ts';
import { isScalar } from './expression.ts';

/** What is certain about the labels of every series that an expression gives; the metric name is not among them. */
export interface LabelFacts {
  /** The only labels that there can be; null where there may be any. */
  only: ReadonlySet<string> | null;
  /** Labels that are taken away, besides what `only` leaves out. */
  absent: ReadonlySet<string>;
  /** Matchers that the value of a label satisfies. */
  matchers: ReadonlyMap<string, readonly Matcher[]>;
  /** The part that took labels away, innermost of those that matter: an aggregation, a join, a call. */
  by: Expr | null;
}

/** The facts about a metric that recording rules of the audited files write; null for any other. */
export type RecordFacts = (metric: string) => LabelFacts | null;

const ANY: LabelFacts = { only: null, absent: new Set(), matchers: new Map(), by: null };
const NONE: LabelFacts = { only: new Set(), absent: new Set(), matchers: new Map(), by: null };

/** What an expression's series certainly have and lack. */
export function labelFacts(expr: Expr, records: RecordFacts): LabelFacts {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return NONE;
    case 'selector':
      return selectorFacts(expr, records);
    case 'matrix':
      return labelFacts(expr.selector, records);
    case 'subquery':
    case 'unary':
      return labelFacts(expr.expr, records);
    case 'aggregation':
      return aggregationFacts(expr, records);
    case 'call':
      return callFacts(expr, records);
    case 'binary':
      return binaryFacts(expr, records);
  }
}

/** Whether a series may have the label. */
export function mayHave({ only, absent }: LabelFacts, label: string): boolean {
  return (only === null || only.has(label)) && !absent.has(label);
}

/** What is certain about series that may come from either side. */
export function eitherFacts(a: LabelFacts, b: LabelFacts): LabelFacts {
  const only = a.only === null || b.only === null ? null : new Set([...a.only, ...b.only]);
  const absent = new Set(
    [...a.absent, ...(a.only === null ? b.absent : [])].filter((label) => !mayHave(a, label) && !mayHave(b, label)),
  );
  const matchers = new Map([...a.matchers].filter(([label, own]) => sameMatchers(own, b.matchers.get(label))));
  return { only, absent, matchers, by: a.by ?? b.by };
}

function sameMatchers(a: readonly Matcher[], b: readonly Matcher[] | undefined): boolean {
  const text = (matchers: readonly Matcher[]) => matchers.map(({ op, value }) => `${op}${value}`).join('\n');
  return b !== undefined && text(a) === text(b);
}

function selectorFacts(selector: VectorSelector, records: RecordFacts): LabelFacts {
  const base = (selector.name === null ? null : records(selector.name)) ?? ANY;
  const matchers = new Map(base.matchers);
  for (const matcher of selector.matchers) {
    if (matcher.label !== '__name__') matchers.set(matcher.label, [...(matchers.get(matcher.label) ?? []), matcher]);
  }
  return { ...base, matchers };
}

function keep(facts: LabelFacts, labels: readonly string[], by: Expr): LabelFacts {
  const kept = labels.filter((label) => mayHave(facts, label));
  const matchers = new Map([...facts.matchers].filter(([label]) => labels.includes(label)));
  return { only: new Set(kept), absent: new Set(), matchers, by };
}

function drop(facts: LabelFacts, labels: readonly string[], by: Expr): LabelFacts {
  if (labels.length === 0) return facts;
  const only = facts.only === null ? null : new Set([...facts.only].filter((label) => !labels.includes(label)));
  const matchers = new Map([...facts.matchers].filter(([label]) => !labels.includes(label)));
  return { only, absent: new Set([...facts.absent, ...labels]), matchers, by };
}

function add(facts: LabelFacts, label: string): LabelFacts {
  const matchers = new Map(facts.matchers);
  matchers.delete(label);
  const only = facts.only === null ? null : new Set([...facts.only, label]);
  return { ...facts, only, matchers, absent: new Set([...facts.absent].filter((name) => name !== label)) };
}

function aggregationFacts(expr: Aggregation, records: RecordFacts): LabelFacts {
  const inner = labelFacts(expr.expr, records);
  // These pick series and keep them whole.
  if (/^(topk|bottomk|limitk|limit_ratio)$/.test(expr.op)) return inner;
  const { grouping } = expr;
  const grouped =
    grouping?.by === false ? drop(inner, grouping.labels, expr) : keep(inner, grouping?.labels ?? [], expr);
  return expr.op === 'count_values' && expr.param?.kind === 'string' ? add(grouped, expr.param.value) : grouped;
}

function callFacts(expr: Call, records: RecordFacts): LabelFacts {
  const [first] = expr.args;
  switch (expr.func) {
    case 'absent':
    case 'absent_over_time':
      return absentFacts(expr);
    case 'vector':
    case 'time':
    case 'scalar':
    case 'pi':
      return NONE;
    case 'info':
      return ANY;
    case 'label_replace':
    case 'label_join': {
      const target = expr.args[1];
      return first === undefined || target?.kind !== 'string' ? ANY : add(labelFacts(first, records), target.value);
    }
    case 'histogram_quantile':
    case 'histogram_fraction': {
      const vector = expr.args.at(-1);
      return vector === undefined ? ANY : drop(labelFacts(vector, records), ['le'], expr);
    }
    case 'quantile_over_time':
      return expr.args[1] === undefined ? ANY : labelFacts(expr.args[1], records);
    default:
      // Calendar functions without an argument give one series without labels.
      return first === undefined ? NONE : labelFacts(first, records);
  }
}

/** `absent(x{a="1", b=~"2"})` gives one series with a="1": the labels of equality matchers, each given once. */
function absentFacts(expr: Call): LabelFacts {
  const [argument] = expr.args;
  const selector = argument?.kind === 'matrix' ? argument.selector : argument;
  const matchers = selector?.kind === 'selector' ? selector.matchers : [];
  const equal = matchers.filter(
    ({ label, op }) =>
      op === '=' && label !== '__name__' && matchers.filter((other) => other.label === label).length === 1,
  );
  const labels = equal.map((matcher): [string, Matcher[]] => [matcher.label, [matcher]]);
  return { only: new Set(labels.map(([label]) => label)), absent: new Set(), matchers: new Map(labels), by: expr };
}

function binaryFacts(expr: Binary, records: RecordFacts): LabelFacts {
  const { op, left, right, matching } = expr;
  if (isScalar(left)) return labelFacts(right, records);
  if (isScalar(right)) return labelFacts(left, records);
  const [leftFacts, rightFacts] = [labelFacts(left, records), labelFacts(right, records)];
  if (isSetOperator(op)) return op === 'or' ? eitherFacts(leftFacts, rightFacts) : leftFacts;
  if (matching === null) return leftFacts;
  if (matching.group === null)
    return matching.on ? keep(leftFacts, matching.labels, expr) : drop(leftFacts, matching.labels, expr);
  const [many, one] = matching.group === 'left' ? [leftFacts, rightFacts] : [rightFacts, leftFacts];
  return matching.include.reduce(
    (facts, label) => (mayHave(one, label) ? add(facts, label) : drop(facts, [label], expr)),
    many,
  );
}
