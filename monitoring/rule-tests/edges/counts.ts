import { mapped, relabelled, union } from '../../audit/tests/series-edit.ts';
import type { Trial } from '../../audit/tests/trial.ts';
import { missingSeries, type View } from '../../audit/tests/views.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import { type Expr, isComparison, walk } from '../../promql/ast.ts';

/** Factors that bring what is counted below one. */
const SMALL = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01] as const;

/** Where a share lies against its limit: a mutant moves that by a hundredth. */
const BESIDE = [1.004, 1, 0.996] as const;

/** Requests a minute: shares of a hundredth of a percent are whole numbers of them. */
const A_MINUTE = 10_000;

/** The same fault with so little counted that a guard of the total decides. */
export function smallTotals({ witness }: View): Trial[] {
  const { series, endMs, fireAtMs } = witness;
  return SMALL.map((factor) => ({
    title: `the fault, with ${factor} of what it counts`,
    series: series.map((each) =>
      mapped(
        each,
        (value) => value * factor,
        (slope) => slope * factor,
      ),
    ),
    endMs,
    timesMs: [fireAtMs],
  }));
}

/** Counters of which a share has the fault: right beside each limit between 0 and 1. */
export function countedShares({ rule, witness }: View): Trial[] {
  const { series, endMs, fireAtMs } = witness;
  const labels = patternLabels(rule.ast);
  const faulty = series.filter(({ segments }) => segments.length === 1 && (segments[0]?.slopePerSecond ?? 0) > 0);
  return faulty.flatMap((fault) => {
    const others = series.filter((each) => each !== fault);
    return labels
      .filter((label) => fault.labels[label] !== undefined)
      .flatMap((label) =>
        fractions(rule.ast).flatMap((limit) =>
          BESIDE.map((factor): Trial => {
            const failed = Math.round(A_MINUTE * limit * factor);
            const well = relabelled(fault, { [label]: 'other' });
            return {
              title: `${failed} of ${A_MINUTE} of ${fault.labels.__name__ ?? 'the counter'} with ${label}="${fault.labels[label]}"`,
              series: [counting(fault, failed), counting(well, A_MINUTE - failed), ...others],
              endMs,
              timesMs: [fireAtMs],
            };
          }),
        ),
      );
  });
}

/** Series of one metric that are born one after the other, each with a value that stays. */
export function birthsInTurn({ rule, witness }: View): Trial[] {
  const { series, evaluationMs, endMs } = witness;
  const names = [...new Set(series.map(({ labels }) => labels.__name__ ?? ''))];
  const bornAtMs = Math.ceil(endMs / evaluationMs) * evaluationMs;
  const lastMs = bornAtMs + rule.forMs;
  return names.flatMap((name) =>
    [1, 0].map((value): Trial => {
      const own = series.filter(({ labels }) => labels.__name__ === name);
      const born: WitnessSeries[] = [];
      for (let fromMs = bornAtMs, index = 1; fromMs <= lastMs; fromMs += evaluationMs, index += 1) {
        for (const each of own.slice(0, 1)) {
          const segments = [
            { fromMs: 0, value: null, slopePerSecond: 0 },
            { fromMs, value, slopePerSecond: 0 },
          ];
          born.push({ ...relabelled(each, { replica: `${index}` }), segments });
        }
      }
      return {
        title: `one series of ${name} after the other is born at ${value}`,
        series: [...born, ...series.filter(({ labels }) => labels.__name__ !== name)],
        endMs: lastMs,
        timesMs: [bornAtMs, lastMs],
      };
    }),
  );
}

/** Every series that the rule speaks of is there, but those of one metric. */
export function oneMissing({ rule, witness }: View): Trial[] {
  const { series, endMs, fireAtMs } = witness;
  const all = union(series, missingSeries(rule, series));
  const names = [...new Set(all.map(({ labels }) => labels.__name__ ?? ''))];
  return names.map((name) => ({
    title: `${name} alone is missing`,
    series: all.filter(({ labels }) => labels.__name__ !== name),
    endMs,
    timesMs: [fireAtMs],
  }));
}

function counting(series: WitnessSeries, aMinute: number): WitnessSeries {
  return { ...series, segments: [{ fromMs: 0, value: 0, slopePerSecond: aMinute / 60 }] };
}

/** Labels by which an expression picks some series of a metric from the others. */
function patternLabels(ast: Expr): string[] {
  const labels = [...walk(ast)].flatMap((node) =>
    node.kind === 'selector' ? node.matchers.filter(({ op }) => op !== '=').map(({ label }) => label) : [],
  );
  return [...new Set(labels)];
}

function fractions(ast: Expr): number[] {
  const limits = [...walk(ast)].flatMap((node) =>
    node.kind === 'binary' && isComparison(node.op) && node.right.kind === 'number' ? [node.right.value] : [],
  );
  return [...new Set(limits)].filter((limit) => limit > 0 && limit < 1);
}
