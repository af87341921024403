/** A piece of the text: offsets of its first character and of the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A PromQL expression. Every node knows its place in the text; parentheses are kept by the tree's shape alone. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Unary
  | Binary
  | Aggregation
  | Call;

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  /** A duration written as a number (`1h`) is its seconds. */
  readonly value: number;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher extends Span {
  readonly label: string;
  readonly op: MatchOperator;
  readonly value: string;
}

/** Where in time a selector or subquery looks. Absent parts are null. */
export interface TimeShift {
  /** `offset`, positive into the past. */
  readonly offset: Duration | null;
  /** `@`: seconds since the epoch, or the bounds of the query. */
  readonly at: number | 'start' | 'end' | null;
}

export interface Duration extends Span {
  readonly ms: number;
}

export interface VectorSelector extends Span, TimeShift {
  readonly kind: 'selector';
  /** The metric name before the braces or quoted in them; null when there is none. */
  readonly name: string | null;
  readonly matchers: readonly Matcher[];
}

/** `x[5m]`; the shift in time is that of its selector. */
export interface MatrixSelector extends Span {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly range: Duration;
}

export interface Subquery extends Span, TimeShift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: Duration;
  /** Null: the evaluation interval. */
  readonly step: Duration | null;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly op: '-' | '+';
  readonly expr: Expr;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

/** How the elements of two vectors find each other. */
export interface Matching extends Span {
  /** True: `on (labels)`; false: `ignoring (labels)`. */
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: 'left' | 'right' | null;
  /** The labels in the brackets of `group_left` or `group_right`. */
  readonly include: readonly string[];
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly opSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: Span | null;
  readonly matching: Matching | null;
}

export type AggregationOperator =
  | 'avg'
  | 'bottomk'
  | 'count'
  | 'count_values'
  | 'group'
  | 'limit_ratio'
  | 'limitk'
  | 'max'
  | 'min'
  | 'quantile'
  | 'stddev'
  | 'stdvar'
  | 'sum'
  | 'topk';

export interface Grouping extends Span {
  readonly by: boolean;
  readonly labels: readonly string[];
}

export interface Aggregation extends Span {
  readonly kind: 'aggregation';
  readonly op: AggregationOperator;
  readonly opSpan: Span;
  /** The first argument of `topk`, `quantile`, `count_values` and their like. */
  readonly param: Expr | null;
  readonly expr: Expr;
  readonly grouping: Grouping | null;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly func: string;
  readonly funcSpan: Span;
  readonly args: readonly Expr[];
}

/** A fault of an expression and its place in the text. */
export interface PromqlError extends Span {
  readonly message: string;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

/** Whether an operator compares. */
export function isComparison(op: BinaryOperator): op is ComparisonOperator {
  return COMPARISONS.has(op);
}

/** Whether an operator joins sets of series. */
export function isSetOperator(op: BinaryOperator): op is SetOperator {
  return SETS.has(op);
}

/** The direct parts of an expression, in the order of the text. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'unary':
      return [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    case 'aggregation':
      return expr.param === null ? [expr.expr] : [expr.param, expr.expr];
    case 'call':
      return expr.args;
  }
}

/** Every node of an expression, the outer ones first. */
export function* walk(expr: Expr): Generator<Expr> {
  const stack: Expr[] = [expr];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next;
    stack.push(...children(next).toReversed());
  }
}
