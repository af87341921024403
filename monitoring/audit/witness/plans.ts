import { type Binary, type Expr, walk } from '../../promql/ast.ts';
import type { Branches } from './labels/infer.ts';
import type { Reach } from './model/interval.ts';

/** One way to go at a rule. */
export interface Plan {
  readonly branches: Branches;
  /** 0, or the place of a longer warm-up in the list of those worth a try. */
  readonly warmUp: number;
  readonly regional: boolean;
  readonly reach: Reach;
  readonly seed: number;
  /** Labels that series get although no matcher asks: those of targets, those of groupings, or none. */
  readonly labels: 'targets' | 'grouped' | 'bare';
  /** More series than one for each selector, of which the search moves one. */
  readonly spread: { readonly count: number; readonly label: number } | null;
  /** Signals are tried out instead of solved. */
  readonly search: boolean;
}

const PLAIN: Omit<Plan, 'branches'> = {
  warmUp: 0,
  regional: false,
  reach: 'clear',
  seed: 0,
  labels: 'targets',
  spread: null,
  search: false,
};

/** Plans in the order in which they are tried, likely ones first. */
export function* plansFor(expr: Expr, warmUps: number): Generator<Plan> {
  const nodes = [...walk(expr)];
  const regional = nodes.some(
    (node) => (node.kind === 'selector' || node.kind === 'subquery') && (node.offset !== null || node.at !== null),
  );
  const ors = nodes.filter((node): node is Binary => node.kind === 'binary' && node.op === 'or').slice(0, 6);
  const branches: Branches[] = [new Map(), ...ors.map((or) => new Map([[or, 'right' as const]]))];
  const base = { ...PLAIN, regional };
  for (const branch of branches) yield { ...base, branches: branch };
  for (let warmUp = 1; warmUp <= warmUps; warmUp += 1)
    for (const branch of branches.slice(0, 3)) yield { ...base, branches: branch, warmUp };
  for (const branch of branches) yield { ...base, branches: branch, regional: !regional };
  for (const reach of ['close', 'far'] as const)
    for (const branch of branches) yield { ...base, branches: branch, reach };
  for (const count of [2, 12]) {
    for (const label of [0, 1, 2, 3])
      for (const branch of branches.slice(0, 3)) yield { ...base, branches: branch, spread: { count, label } };
  }
  for (const branch of branches.slice(0, 3)) yield { ...base, branches: branch, search: true };
  for (const labels of ['grouped', 'bare'] as const)
    for (const branch of branches.slice(0, 3)) yield { ...base, branches: branch, labels };
  for (const seed of [1, 2, 3]) for (const branch of branches.slice(0, 3)) yield { ...base, branches: branch, seed };
}
