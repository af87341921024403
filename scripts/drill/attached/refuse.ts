import { DRILL_LABEL, disturbedRules, mutesOthers, ownLabel } from '../../../monitoring/drill/attached/apart.ts';
import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import { watchesAlerts } from '../../../monitoring/drill/synthetic/consequences.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { DrillRule } from '../../../monitoring/drill/synthetic/rule.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { formatDuration } from '../../../thresholds/units.ts';

/** Why an alert cannot be told from others on a pair that runs all rules; null where it can. */
export function refusal(
  rule: DrillRule,
  sources: Sources,
  { relabelled, alone }: { readonly relabelled: boolean; readonly alone: boolean },
): string | null {
  if (relabelled)
    return 'Prometheus relabels its alerts, so that a silence on the label of the drill may not hold; see --allow-notify';
  if (watchesAlerts(rule)) return 'it watches the states of other alerts, which a drill must not make up';
  if (ownLabel(rule, sources) !== undefined) return null;
  const why = 'no label of its series is kept up to its alert (an aggregation, a join or absent() drops them)';
  return alone
    ? `${why}, so that it cannot be told from others while all rules run; it is drilled without --real-time`
    : `${why}, so that synthetic series would mix with real ones`;
}

/** What the series of a case would do to others, beside firing their alert; null for nothing. */
export function danger(
  each: SyntheticCase,
  label: string,
  rules: readonly DrillRule[],
  routes: DrillRoutes,
): string | null {
  const [disturbed] = disturbedRules(
    each.scripts.flatMap(({ series }) => [...series]),
    label,
    rules,
  );
  if (disturbed !== undefined) {
    const what = disturbed.kind === 'alert' ? 'alert' : 'recording rule';
    return `its series would also move the ${what} ${disturbed.name} (${disturbed.file}:${disturbed.line}), which does not keep the label ${label}`;
  }
  for (const labels of each.prediction.labels) {
    const line = mutesOthers(routes.routing, labels, [label, DRILL_LABEL]);
    if (line !== null)
      return `while it fires it would silence real alerts: the inhibition rule at line ${line} of alertmanager.yml needs no label to be equal that the drill has for itself`;
  }
  return null;
}

/** Null where it takes no longer than it may. */
export function tooLong(durationMs: number, maxMs: number): string | null {
  if (durationMs <= maxMs) return null;
  return `it takes ${formatDuration(durationMs)} in real time, more than --max-duration ${formatDuration(maxMs)}`;
}
