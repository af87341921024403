import { matches } from '../../audit/mutants/alertmanager/matchers.ts';
import type { Routing } from '../../audit/mutants/alertmanager/routing.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import { isolatesBy, isolatingLabels } from '../synthetic/isolate.ts';
import type { DrillRule } from '../synthetic/rule.ts';
import { type Sources, selectorsOf, selects } from '../synthetic/selects.ts';

/** The label that every synthetic series of an attached drill carries, with the drill's id. */
export const DRILL_LABEL = 'firedrill_drill';

/**
 * The label by which series and alerts of a drill are told from real ones in a Prometheus that others use: `firedrill_drill` where the rule keeps
 * it, else another that it keeps. Undefined where it keeps none.
 */
export function ownLabel(rule: DrillRule, sources: Sources): string | undefined {
  const labels = isolatingLabels(rule, sources);
  return labels.includes(DRILL_LABEL) ? DRILL_LABEL : labels[0];
}

/** The rules, other than those of the drilled alert itself, that would mix some series with real ones, as they do not keep a label. */
export function disturbedRules(
  series: readonly WitnessSeries[],
  label: string,
  rules: readonly DrillRule[],
): DrillRule[] {
  return reading(series, rules).filter((rule) => {
    return Object.hasOwn(rule.labels, label) || isolatesBy(label, rule.ast) !== 'apart';
  });
}

/** Rules that look at any of some series. */
export function reading(series: readonly WitnessSeries[], rules: readonly DrillRule[]): DrillRule[] {
  return rules.filter(({ ast }) => {
    const selectors = selectorsOf(ast);
    return series.some(({ labels }) => selectors.some((selector) => selects(selector, labels)));
  });
}

/**
 * The first line of an inhibition rule by which an alert could silence real ones: it is a source, and no label that must be equal is the drill's
 * own. Null where there is none.
 */
export function mutesOthers(
  { inhibitRules }: Routing,
  labels: Readonly<Record<string, string>>,
  own: readonly string[],
): number | null {
  const found = inhibitRules.find(
    ({ source, equal }) => matches(labels, source) && !equal.some((label) => own.includes(label)),
  );
  return found?.line ?? null;
}
