import type { Binary, Expr } from '../../promql/ast.ts';
import { isSetOperator, walk } from '../../promql/ast.ts';
import type { DrillRule } from './rule.ts';
import { type Sources, selectorsOf } from './selects.ts';

/**
 * What an expression makes of a label: `apart`: every element of its result carries the value of the series that it comes from, and series of
 * different values never meet; `constant`: no series plays a part; `mixed`: anything else.
 */
export type Isolation = 'apart' | 'constant' | 'mixed';

/** Whether an expression keeps series of different values of a label apart. `ofSelector` judges what a selector reads. */
export function isolatesBy(
  label: string,
  expr: Expr,
  ofSelector: (name: string | null) => boolean = () => true,
): Isolation {
  const judge = (node: Expr): Isolation => {
    switch (node.kind) {
      case 'number':
      case 'string':
        return 'constant';
      case 'selector':
        return ofSelector(node.name) && node.matchers.every((matcher) => matcher.label !== label) ? 'apart' : 'mixed';
      case 'matrix':
        return judge(node.selector);
      case 'subquery':
      case 'unary':
        return judge(node.expr);
      case 'aggregation': {
        const inner = judge(node.expr);
        if (inner !== 'apart' || (node.param !== null && judge(node.param) !== 'constant'))
          return inner === 'constant' ? inner : 'mixed';
        return node.grouping !== null && node.grouping.by === node.grouping.labels.includes(label) ? 'apart' : 'mixed';
      }
      case 'binary':
        return judgeBinary(node, label, judge(node.left), judge(node.right));
      case 'call':
        return judgeCall(node.func, node.args, label, judge);
    }
  };
  return judge(expr);
}

function judgeBinary(
  { op, matching, left: _left }: Binary,
  label: string,
  left: Isolation,
  right: Isolation,
): Isolation {
  if (left === 'mixed' || right === 'mixed') return 'mixed';
  if (left === 'constant' && right === 'constant') return 'constant';
  if (left === 'apart' && right === 'apart') {
    if (matching === null) return 'apart';
    return matching.on === matching.labels.includes(label) ? 'apart' : 'mixed';
  }
  // A constant beside series: a number, or a vector of one element without labels.
  if (op === 'or') return 'mixed';
  if (isSetOperator(op)) return left === 'apart' ? 'apart' : 'mixed';
  if (matching === null) return 'apart';
  if (left === 'apart' && matching.group === 'left') return 'apart';
  return right === 'apart' && matching.group === 'right' ? 'apart' : 'mixed';
}

const MIXING = new Set(['absent', 'absent_over_time', 'scalar']);

function judgeCall(func: string, args: readonly Expr[], label: string, judge: (node: Expr) => Isolation): Isolation {
  const parts = args.map(judge);
  if (parts.includes('mixed')) return 'mixed';
  if (!parts.includes('apart')) return 'constant';
  if (MIXING.has(func)) return 'mixed';
  if (func === 'label_replace' || func === 'label_join') {
    const touched = args.some((argument, index) => index > 0 && argument.kind === 'string' && argument.value === label);
    return touched ? 'mixed' : 'apart';
  }
  return 'apart';
}

/** Labels that usually tell deployments apart, then any; `firedrill_drill` is nobody's. */
const PREFERRED = ['environment', 'cluster', 'namespace', 'job', 'instance', 'firedrill_drill'];
/** Labels with a meaning to PromQL. */
const RESERVED = new Set(['__name__', 'le', 'quantile', 'alertname', 'alertstate']);

/** The labels that keep the series of a rule apart from all others, through its recording rules, the preferred ones first. */
export function isolatingLabels(rule: DrillRule, sources: Sources): string[] {
  const closure = [...sources.behind(rule), rule];
  const named = closure.flatMap(({ ast }) =>
    [...walk(ast)].flatMap((node) => {
      if (node.kind === 'aggregation') return node.grouping?.by ? node.grouping.labels : [];
      return node.kind === 'binary' && node.matching?.on ? node.matching.labels : [];
    }),
  );
  const candidates = [...new Set([...PREFERRED, ...named])].filter((label) => !RESERVED.has(label));
  return candidates.filter((label) =>
    closure.every((each) => {
      if (Object.hasOwn(each.labels, label) || selectorsOf(each.ast).length === 0) return false;
      return isolatesBy(label, each.ast) === 'apart';
    }),
  );
}
