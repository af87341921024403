import type { SyntheticCase } from './case.ts';
import type { Expectation } from './expect.ts';
import type { AlertStates, Sightings } from './observed.ts';
import type { ObservedCase } from './result.ts';
import type { DrillRule } from './rule.ts';
import { firedBy, type Role, type Script } from './script.ts';

/** What a case shows, from all that was seen on its lanes. Whether it may have fired other alerts is a later question. */
export function observedCase(
  each: SyntheticCase,
  expected: Expectation,
  sightings: (script: Script) => Sightings,
  groupKeys: (labels: AlertStates['labels']) => readonly string[] = () => [],
): ObservedCase {
  const { rule, scripts, clock } = each;
  const fault = scripts.find(({ role }) => role === 'fault' || role === 'control');
  const own = fault === undefined ? [] : ownStates(sightings(fault).states(fault), rule);
  const within = own.filter(({ atMs }) => atMs <= expected.endMs);
  const pending = within.filter(({ firing }) => !firing);
  const firing = within.filter((sample) => sample.firing);
  const last = firing.at(-1);
  const notified = fault === undefined ? [] : sightings(fault).notified(fault);
  return {
    pendingAtMs: pending[0]?.atMs ?? null,
    firingAtMs: firing[0]?.atMs ?? null,
    resolvedAtMs: last === undefined ? null : last.atMs + clock.wallEvaluationMs,
    groupSinceMs: last === undefined ? null : (groupSince(fault, firing[0]?.atMs ?? 0) ?? null),
    deliveries: notified
      .filter(({ labels }) => firedBy(rule, labels))
      .map(({ receiver, status, atMs }) => ({ receiver, status, atMs })),
    nearMissSilent: silent('near'),
    healthySilent: each.always ? null : !firing.some(({ atMs }) => atMs < expected.faultOnMs),
    others: scripts.flatMap((script) =>
      firingOf(withoutFed(sightings(script).states(script), script))
        .filter(({ labels, atMs }) => !firedBy(rule, labels) && atMs <= expected.endMs)
        .map(({ labels, atMs }) => ({
          alert: labels.alertname ?? '',
          labels,
          script: script.id,
          firingAtMs: atMs,
          expected: false,
        })),
    ),
  };

  /** Since when another alert was on that is told in one notification with this one. */
  function groupSince(script: Script | undefined, firingAtMs: number): number | undefined {
    if (script === undefined) return undefined;
    const keys = new Set(each.prediction.labels.flatMap(groupKeys));
    const others = sightings(script)
      .all.filter(({ state, timesMs: [atMs] }) => state === 'firing' && atMs !== undefined && atMs < firingAtMs)
      .filter(({ labels }) => groupKeys(labels).some((key) => keys.has(key)));
    return others.map(({ timesMs }) => timesMs[0] ?? 0).toSorted((a, b) => a - b)[0];
  }

  function silent(role: Role): boolean | null {
    const script = scripts.find((one) => one.role === role);
    if (script === undefined) return null;
    const fired = firingOf(sightings(script).states(script));
    return !fired.some(({ labels, atMs }) => firedBy(rule, labels) && atMs <= expected.endMs);
  }
}

/** Samples of one alert, all its label sets together, in the order of time. */
function ownStates(states: readonly AlertStates[], rule: DrillRule): { atMs: number; firing: boolean }[] {
  return states
    .filter(({ labels }) => firedBy(rule, labels))
    .flatMap(({ state, timesMs }) => timesMs.map((atMs) => ({ atMs, firing: state === 'firing' })))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** Without the states of alerts that the script itself says: rules that watch others are given these. */
function withoutFed(states: readonly AlertStates[], { series }: Script): AlertStates[] {
  const fed = series.filter(({ labels }) => labels.__name__ === 'ALERTS');
  return states.filter(({ labels }) => !fed.some((one) => one.labels.alertname === labels.alertname));
}

/** Alerts that fired, with the first time. */
function firingOf(states: readonly AlertStates[]): { labels: AlertStates['labels']; atMs: number }[] {
  return states.flatMap(({ labels, state, timesMs: [atMs] }) =>
    state === 'firing' && atMs !== undefined ? [{ labels, atMs }] : [],
  );
}
