import { walk } from '../../../promql/ast.ts';
import type { MutableRule } from '../../mutants/mutant.ts';
import { relabelled, union } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';

const COUNTS = [2, 3, 4] as const;
const MOST_METRICS = 4;
const MOST_LABELS = 3;

/** Several series of one metric: what counts series turns on how many there are. */
export const crowds: TrialFamily = {
  operators: ['threshold', 'comparison', 'aggregation', 'grouping', 'rate'],
  trials({ rule, witness }) {
    if (![...walk(rule.ast)].some((node) => node.kind === 'aggregation')) return [];
    const { series, endMs, fireAtMs } = witness;
    const names = [...new Set(series.map(({ labels }) => labels.__name__ ?? ''))].slice(0, MOST_METRICS);
    return names.flatMap((name) => {
      const own = series.filter(({ labels }) => (labels.__name__ ?? '') === name);
      return ['replica', ...groupingLabels(rule)].flatMap((label) =>
        COUNTS.map((count): Trial => {
          const more = Array.from({ length: count - 1 }, (_, index) =>
            own.map((each) => relabelled(each, { [label]: `${each.labels[label] ?? 'r'}-${index + 2}` })),
          );
          const title = `${count} series of ${name || 'the metric'}${label === 'replica' ? '' : ` that differ in ${label}`}`;
          return { title, series: union(series, ...more), endMs, timesMs: [fireAtMs] };
        }),
      );
    });
  },
};

function groupingLabels({ ast }: Pick<MutableRule, 'ast'>): string[] {
  const names = [...walk(ast)].flatMap((node) =>
    node.kind === 'aggregation' && node.grouping?.by === true ? node.grouping.labels : [],
  );
  return [...new Set(names)].slice(-MOST_LABELS);
}
