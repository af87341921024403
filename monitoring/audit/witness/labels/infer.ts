import { type Aggregation, type Binary, type Call, type Expr, isSetOperator, walk } from '../../../promql/ast.ts';
import { absentLabels } from '../model/functions/presence.ts';
import { LabelSpace, NONE, type Output, type Term } from './space.ts';

/** Which side of each `or` the search goes for. */
export type Branches = ReadonlyMap<Binary, 'left' | 'right'>;

/** A label that no rule uses: what series are told apart by when nothing else may. */
export const SPARE_LABEL = 'replica';

/** Every label that an expression names, with those that targets always have. */
export function universeOf(expr: Expr, further: Iterable<string> = []): string[] {
  const labels = new Set<string>(['__name__', 'instance', 'job', SPARE_LABEL, ...further]);
  for (const node of walk(expr)) {
    if (node.kind === 'selector') for (const { label } of node.matchers) labels.add(label);
    if (node.kind === 'aggregation') for (const label of node.grouping?.labels ?? []) labels.add(label);
    if (node.kind === 'binary')
      for (const label of [...(node.matching?.labels ?? []), ...(node.matching?.include ?? [])]) labels.add(label);
    if (node.kind !== 'call') continue;
    if (node.func.startsWith('histogram_')) labels.add('le');
    const texts = node.args.slice(1).map((arg) => (arg.kind === 'string' ? arg.value : ''));
    const named =
      node.func === 'label_replace'
        ? [texts[0], texts[2]]
        : node.func === 'label_join'
          ? [texts[0], ...texts.slice(2)]
          : [];
    for (const label of named) if (label !== undefined && label !== '') labels.add(label);
  }
  return [...labels];
}

/** Walks an expression once and makes equal what its joins need equal. */
export function inferLabels(expr: Expr, universe: readonly string[], branches: Branches): LabelSpace {
  const space = new LabelSpace(universe);
  visit(expr, space, branches);
  return space;
}

function visit(expr: Expr, space: LabelSpace, branches: Branches): Output {
  const output = outputOf(expr, space, branches);
  space.outputs.set(expr, output);
  return output;
}

function outputOf(expr: Expr, space: LabelSpace, branches: Branches): Output {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return new Map();
    case 'selector':
      return space.leaf(expr);
    case 'matrix':
      return visit(expr.selector, space, branches);
    case 'subquery':
      return visit(expr.expr, space, branches);
    case 'unary':
      return unnamed(visit(expr.expr, space, branches));
    case 'aggregation':
      return aggregated(expr, visit(expr.expr, space, branches), space);
    case 'call':
      return called(expr, space, branches);
    case 'binary':
      return joined(expr, space, branches);
  }
}

function unnamed(output: Output): Output {
  return output.has('__name__') ? new Map([...output, ['__name__', NONE]]) : output;
}

function aggregated({ op, grouping, param }: Aggregation, inner: Output, space: LabelSpace): Output {
  if (['topk', 'bottomk', 'limitk', 'limit_ratio'].includes(op)) return inner;
  const kept = (label: string) =>
    grouping === null
      ? false
      : grouping.by
        ? grouping.labels.includes(label)
        : label !== '__name__' && !grouping.labels.includes(label);
  const output = new Map(
    space.universe.map((label): [string, Term] => [label, kept(label) ? (inner.get(label) ?? NONE) : NONE]),
  );
  if (op === 'count_values' && param?.kind === 'string') output.set(param.value, { kind: 'text', text: '1' });
  return output;
}

function called(expr: Call, space: LabelSpace, branches: Branches): Output {
  const look = expr.func === 'absent' || expr.func === 'absent_over_time' ? aside : visit;
  const outputs = expr.args.map((arg) => look(arg, space, branches));
  const vector = outputs.find((output) => output.size > 0) ?? new Map();
  switch (expr.func) {
    case 'absent':
    case 'absent_over_time': {
      const labels = absentLabels(expr.args[0]);
      return new Map(space.universe.map((label) => [label, { kind: 'text', text: labels[label] ?? '' }]));
    }
    case 'scalar':
    case 'time':
      return new Map();
    case 'vector':
      return new Map(space.universe.map((label) => [label, NONE]));
    case 'histogram_quantile':
      return new Map([...unnamed(vector), ['le', NONE]]);
    case 'label_replace':
      return replaced(expr, vector, space);
    case 'label_join': {
      const target = expr.args[1]?.kind === 'string' ? expr.args[1].value : '';
      return new Map([...vector, [target, { kind: 'computed', call: expr, input: vector }]]);
    }
    default:
      if (vector.size === 0 && expr.func !== 'pi') return new Map(space.universe.map((label) => [label, NONE]));
      return expr.func.startsWith('sort') || ['last_over_time', 'first_over_time'].includes(expr.func)
        ? vector
        : unnamed(vector);
  }
}

function replaced(expr: Call, vector: Output, space: LabelSpace): Output {
  const [target = '', replacement = '', source = '', pattern = ''] = expr.args
    .slice(1)
    .map((arg) => (arg.kind === 'string' ? arg.value : ''));
  const from = vector.get(source);
  if (from !== undefined && !['', '.*', '(.*)'].includes(pattern)) {
    space.restrict(from, { label: source, op: '=~', value: pattern, from: expr.from, to: expr.to });
  }
  if (!replacement.includes('$')) return new Map([...vector, [target, { kind: 'text', text: replacement }]]);
  // Copied whole, it is the same unknown.
  if (from !== undefined && /^\$\{?1\}?$/.test(replacement) && ['(.*)', '(.+)'].includes(pattern)) {
    return new Map([...vector, [target, from]]);
  }
  return new Map([...vector, [target, { kind: 'computed', call: expr, input: vector }]]);
}

/** Visits a part that may well be empty: its conflicts stop nothing. */
function aside(expr: Expr, space: LabelSpace, branches: Branches): Output {
  const before = space.conflicts.length;
  const output = visit(expr, space, branches);
  space.conflicts.length = before;
  return output;
}

function joined(expr: Binary, space: LabelSpace, branches: Branches): Output {
  const branch = branches.get(expr) ?? 'left';
  const visitLeft = expr.op === 'or' && branch === 'right' ? aside : visit;
  const visitRight = expr.op === 'unless' || (expr.op === 'or' && branch === 'left') ? aside : visit;
  const left = visitLeft(expr.left, space, branches);
  const right = visitRight(expr.right, space, branches);
  if (left.size === 0) return unnamedUnless(expr, right);
  if (right.size === 0) return unnamedUnless(expr, left);
  if (expr.op === 'or') return branch === 'right' ? right : left;
  const { matching } = expr;
  const matched = space.universe.filter((label) =>
    label === '__name__' ? false : matching === null || matching.labels.includes(label) === matching.on,
  );
  const before = space.conflicts.length;
  for (const label of matched) space.unify(left.get(label) ?? NONE, right.get(label) ?? NONE, label, expr);
  // A right side of `unless` that never matches takes nothing away.
  if (expr.op === 'unless') space.conflicts.length = before;
  if (isSetOperator(expr.op)) return left;
  if (matching?.group === 'right') return included(expr, right, left);
  if (matching?.group === 'left') return included(expr, left, right);
  const filter = ['==', '!=', '>', '<', '>=', '<='].includes(expr.op) && expr.bool === null;
  return new Map(
    space.universe.map((label): [string, Term] => [
      label,
      matched.includes(label) || (label === '__name__' && filter && matching?.on !== true)
        ? (left.get(label) ?? NONE)
        : NONE,
    ]),
  );
}

function unnamedUnless({ op, bool }: Binary, output: Output): Output {
  return ['==', '!=', '>', '<', '>=', '<='].includes(op) && bool === null ? output : unnamed(output);
}

function included({ matching }: Binary, many: Output, one: Output): Output {
  return new Map([
    ...unnamed(many),
    ...(matching?.include ?? []).map((label): [string, Term] => [label, one.get(label) ?? NONE]),
  ]);
}
