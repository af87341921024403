import { type Expr, type VectorSelector, walk } from '../promql/ast.ts';
import { printDuration } from '../promql/print.ts';

/** A stretch of time in an expression. */
export interface Stretch {
  ms: number;
  /** As it stands in the expression: `[5m]`, `offset 1h`. */
  text: string;
  /** A step may be short; a window or an offset needs samples in it. */
  kind: 'window' | 'step';
  /** Whose samples; null for the steps of a subquery. */
  selector: VectorSelector | null;
}

/** A function that gives another value when samples are further apart. */
export interface SampleCount {
  func: string;
  selector: VectorSelector;
}

/** Functions whose value depends on how many samples there are, beyond what is in them. */
const COUNTS_SAMPLES = new Set([
  'count_over_time',
  'sum_over_time',
  'changes',
  'resets',
  'idelta',
  'holt_winters',
  'double_exponential_smoothing',
]);

/** Every window, offset and step of an expression. @param evaluationIntervalMs the step of a subquery that names none. */
export function stretchesOf(expr: Expr, evaluationIntervalMs: number): Stretch[] {
  return [...walk(expr)].flatMap((node): Stretch[] => {
    switch (node.kind) {
      case 'matrix':
        return [
          { ms: node.range.ms, text: `[${printDuration(node.range.ms)}]`, kind: 'window', selector: node.selector },
        ];
      case 'selector':
        return offsetOf(node.offset?.ms ?? 0, node);
      case 'subquery': {
        const { ms } = node.step ?? { ms: evaluationIntervalMs };
        const text = `[${printDuration(node.range.ms)}:${node.step === null ? '' : printDuration(ms)}]`;
        return [
          { ms: node.range.ms, text, kind: 'window', selector: null },
          { ms, text, kind: 'step', selector: null },
          ...offsetOf(node.offset?.ms ?? 0, null),
        ];
      }
      default:
        return [];
    }
  });
}

/** Where an expression counts samples. Steps of a subquery are scaled exactly and do not matter. */
export function sampleCounts(expr: Expr): SampleCount[] {
  return [...walk(expr)].flatMap((node) =>
    node.kind === 'call' && COUNTS_SAMPLES.has(node.func)
      ? node.args.flatMap((range) => (range.kind === 'matrix' ? [{ func: node.func, selector: range.selector }] : []))
      : [],
  );
}

function offsetOf(ms: number, selector: VectorSelector | null): Stretch[] {
  if (ms === 0) return [];
  return [{ ms: Math.abs(ms), text: `offset ${printDuration(ms)}`, kind: 'window', selector }];
}
