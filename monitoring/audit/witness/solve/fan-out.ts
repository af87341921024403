import type { Aggregation, Expr } from '../../../promql/ast.ts';
import { chooseLabels } from '../labels/choose.ts';
import { SPARE_LABEL } from '../labels/infer.ts';
import type { Term } from '../labels/space.ts';
import type { Solver } from './solver.ts';

/** Label classes that an aggregation takes together, so that more values of one mean more elements to aggregate; likely ones first. */
export function spreadClasses(solver: Solver, expr: Aggregation): number[] {
  const inner = solver.space.outputs.get(expr.expr);
  const outer = solver.space.outputs.get(expr);
  if (inner === undefined) return [];
  const found: { id: number; rank: number }[] = [];
  for (const [label, term] of inner) {
    if (label === '__name__' || label === 'le') continue;
    const variable = term.kind === 'computed' ? sourceOf(term) : term;
    if (variable?.kind !== 'variable' || outer?.get(label)?.kind === 'variable') continue;
    const id = solver.space.root(variable.id);
    const matchers = solver.space.classes().find((one) => one.id === id)?.matchers ?? [];
    if (matchers.some(({ op }) => op === '=')) continue;
    found.push({ id, rank: rankOf(label, expr.expr, matchers.length > 0) });
  }
  return [...new Set(found.sort((a, b) => a.rank - b.rank).map(({ id }) => id))];
}

/** The label that a computed one is made of. */
function sourceOf({ call, input }: Extract<Term, { kind: 'computed' }>): Term | undefined {
  const [, , ...texts] = call.args.map((arg) => (arg.kind === 'string' ? arg.value : ''));
  const names = call.func === 'label_replace' ? texts.slice(1, 2) : texts.slice(1);
  return names.map((name) => input.get(name)).find((term) => term?.kind === 'variable');
}

function rankOf(label: string, inner: Expr, restricted: boolean): number {
  if (inner.kind === 'aggregation' && inner.grouping?.by && inner.grouping.labels.includes(label)) return 0;
  if (label === 'instance') return 1;
  if (label === SPARE_LABEL) return 4;
  return restricted ? 3 : 2;
}

/** More series than this make no readable witness. */
const MAX_VALUES = 1_500;

/** So many different values for a class of labels as its matchers allow, the present one first. */
export function valuesFor(solver: Solver, id: number, count: number): string[] {
  if (count > MAX_VALUES) return [];
  const { label = '' } = solver.space.classes().find((one) => one.id === id) ?? {};
  const result = chooseLabels(solver.space, solver.expr, {
    fanOut: new Map([[id, count]]),
    named: new Set([label]),
    seed: 0,
  });
  if ('unsatisfied' in result) return [];
  const present = solver.choice.get(id)?.[0];
  const values = result.choice.get(id) ?? [];
  // An empty value would be a series without the label: it stays only where nothing else did.
  const usable = [...new Set([...(present === undefined || present === '' ? [] : [present]), ...values])].filter(
    (value) => value !== '',
  );
  return usable.slice(0, count);
}
