import { parser } from '@prometheus-io/lezer-promql';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

/** PromQL expressions and matchers must parse. */
export function checkPromql(context: MeaningContext): void {
  for (const [index, service] of (context.file.document.services ?? []).entries()) {
    for (const [at, row] of (service.promql ?? []).entries()) {
      checkExpression(context, ['services', index, 'promql', at, 'expr'], row.expr);
      checkExpression(context, ['services', index, 'promql', at, 'samples'], row.samples);
    }
    const errors = service.signals?.requests?.errors;
    if (errors !== undefined) checkMatchers(context, ['services', index, 'signals', 'requests', 'errors'], errors);
  }
  for (const [index, alert] of (context.file.document.alerts ?? []).entries()) {
    const { condition } = alert;
    const path: Path = ['alerts', index, 'condition'];
    const parts: [Path, object][] = [[path, condition]];
    if ('part' in condition) parts.push([[...path, 'part'], condition.part]);
    if ('of' in condition) parts.push(...condition.of.map((of, at): [Path, object] => [[...path, 'of', at], of]));
    for (const [at, part] of parts) {
      if ('where' in part && typeof part.where === 'string') checkMatchers(context, [...at, 'where'], part.where);
    }
    if ('expr' in condition && condition.expr !== undefined) {
      checkExpression(context, [...path, 'expr'], condition.expr);
    }
  }
}

function checkExpression(context: MeaningContext, path: Path, expr: string): void {
  const problem = promqlProblem(expr.replaceAll('$matchers', 'system="x"').replaceAll('$window', '1m'));
  if (problem !== undefined) context.report(path, `not PromQL: ${problem}`, 'correct the expression');
}

function checkMatchers(context: MeaningContext, path: Path, matchers: string): void {
  if (promqlProblem(`x{${matchers}}`) !== undefined) {
    context.report(
      path,
      'not a list of label matchers',
      'write label="value", label!="value" or label=~"regex", comma-separated',
    );
  }
}

/** Where a PromQL expression stops making sense; undefined for a good one. The parser is error-tolerant: it marks, and goes on. */
function promqlProblem(expr: string): string | undefined {
  if (expr.trim() === '') return 'it is empty';
  let at: number | undefined;
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
    },
  });
  if (at === undefined) return undefined;
  return at >= expr.trimEnd().length ? 'it ends too early' : `unexpected ${JSON.stringify(expr.slice(at, at + 12))}`;
}
