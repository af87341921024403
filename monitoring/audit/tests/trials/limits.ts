import { walk } from '../../../promql/ast.ts';
import type { WitnessSeries } from '../../witness/types.ts';
import { between, differing, withReplaced } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';

/** How far from the near miss towards the witness: right beside the limit first. */
const SHARES = [0.001, 0.01, 0.1, 0.5] as const;

/** Right beside the limits: a little more than the near miss, and each number of the expression itself as value. */
export const limits: TrialFamily = {
  operators: ['threshold', 'comparison', 'rate', 'aggregation', 'bool', 'window'],
  trials({ rule, witness }) {
    const { series, near, endMs, fireAtMs, evaluationMs } = witness;
    const timesMs = timesAround(fireAtMs, evaluationMs, endMs);
    const pairs = near === null ? [] : differing(near.series, series);
    const over = SHARES.flatMap((share): Trial[] => {
      const mixed = pairs.flatMap(({ from, to }) => between(from, to, share) ?? []);
      if (mixed.length === 0) return [];
      return [
        { title: `${share * 100} % of the way over the limit`, series: withReplaced(series, mixed), endMs, timesMs },
      ];
    });
    return [...over, ...exact(rule.ast, series, { endMs, timesMs })];
  },
};

/** Series that hold a value hold a number of the expression instead. */
function exact(
  ast: Parameters<typeof walk>[0],
  series: readonly WitnessSeries[],
  rest: Pick<Trial, 'endMs' | 'timesMs'>,
): Trial[] {
  const numbers = [...walk(ast)].flatMap((node) => (node.kind === 'number' ? [node.value] : []));
  const held = series.filter(({ segments }) => segments.length === 1 && segments[0]?.slopePerSecond === 0);
  return [...new Set(numbers)].slice(0, 4).flatMap((value) =>
    held.slice(0, 3).map((each): Trial => {
      const [segment] = each.segments;
      const changed = { ...each, segments: [{ fromMs: 0, slopePerSecond: 0, ...segment, value }] };
      return {
        title: `${each.labels.__name__ ?? 'a series'} at ${value}`,
        series: withReplaced(series, [changed]),
        ...rest,
      };
    }),
  );
}

/** A few moments on both sides of one, and the end. */
export function timesAround(atMs: number, stepMs: number, endMs: number): number[] {
  const last = Math.floor(endMs / stepMs) * stepMs;
  const times = [atMs - stepMs, atMs, atMs + stepMs, atMs + 4 * stepMs, last];
  return [...new Set(times)].filter((time) => time >= 0 && time <= endMs).sort((a, b) => a - b);
}
