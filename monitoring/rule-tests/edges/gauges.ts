import { mapped, relabelled, seriesKey } from '../../audit/tests/series-edit.ts';
import type { Trial } from '../../audit/tests/trial.ts';
import type { View } from '../../audit/tests/views.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import { type Expr, isComparison, walk } from '../../promql/ast.ts';

/** How far beside a limit: a mutant moves it by a hundredth. */
const BESIDE = [1, 1.005, 0.995] as const;

/** How fast the other instance drifts, against the fault: hardly, as fast, faster. */
const PACES = [0.001, 1, 10, 100] as const;

/** Where the other instance is when one looks, against a limit. */
const FAR = [2, 0.1] as const;

const FORECASTS: ReadonlySet<string> = new Set(['predict_linear', 'deriv']);

/**
 * Forecasts whose conditions different instances decide: one holds a value at or right beside a limit, whose forecast is that value, while another drifts far
 * from every limit.
 */
export function gaugeTrials({ rule, witness }: View): Trial[] {
  const forecast = forecastMetrics(rule.ast);
  const { series, fireAtMs, endMs, evaluationMs } = witness;
  const rest = { endMs, timesMs: [fireAtMs - evaluationMs, fireAtMs] };
  const drifting = series.filter(({ labels, segments }) => {
    const [only] = segments;
    return forecast.has(labels.__name__ ?? '') && segments.length === 1 && only?.value !== null;
  });
  return drifting.flatMap((drift): Trial[] => {
    const others = series.filter((each) => seriesKey(each) !== seriesKey(drift));
    const limits = limitsOf(rule.ast, others);
    const name = drift.labels.__name__ ?? 'a gauge';
    const held = [...new Set(limits.flatMap((limit) => BESIDE.map((factor) => limit * factor)))];
    const apart = limits.filter((limit) => limit !== 0).flatMap((limit) => FAR.map((factor) => limit * factor));
    return held.flatMap((value) =>
      [...new Set(apart)].flatMap((level) =>
        PACES.map((pace): Trial => {
          const still = mapped(
            drift,
            () => value,
            () => 0,
          );
          const other = relabelled(through(drift, { level, atMs: fireAtMs, pace }), { replica: '2' });
          const title = `${name} of one instance stays at ${round(value)}, that of another is at ${round(level)} and drifts`;
          return { title, series: [still, other, ...others], ...rest };
        }),
      ),
    );
  });
}

/** The same drift at another pace, through a value at a time. */
function through(
  series: WitnessSeries,
  { level, atMs, pace }: { level: number; atMs: number; pace: number },
): WitnessSeries {
  const slopePerSecond = (series.segments[0]?.slopePerSecond ?? 0) * pace;
  return { ...series, segments: [{ fromMs: 0, value: level - (slopePerSecond * atMs) / 1_000, slopePerSecond }] };
}

/** Limits of the rule as values of a gauge: themselves, and as shares of what other series hold. */
function limitsOf(ast: Expr, others: readonly WitnessSeries[]): number[] {
  const wholes = others.flatMap(({ segments: [segment] }) =>
    segment?.value === null || segment?.slopePerSecond !== 0 ? [] : [segment.value],
  );
  const limits = [...walk(ast)].flatMap((node) =>
    node.kind === 'binary' && isComparison(node.op) && node.right.kind === 'number' ? [node.right.value] : [],
  );
  return [...new Set([1, ...wholes].flatMap((whole) => limits.map((limit) => limit * whole)))];
}

function forecastMetrics(ast: Expr): Set<string> {
  const selectors = [...walk(ast)].flatMap((node) =>
    node.kind === 'call' && FORECASTS.has(node.func) ? [...walk(node)] : [],
  );
  return new Set(selectors.flatMap((node) => (node.kind === 'selector' && node.name !== null ? [node.name] : [])));
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
