import type { Delivery } from '../judge.ts';
import { firedBy, type Script } from './script.ts';

type Labels = Readonly<Record<string, string>>;

/** The `ALERTS` samples of one state of one alert: Unix milliseconds of the evaluations, ascending. */
export interface AlertStates {
  readonly labels: Labels;
  readonly state: 'pending' | 'firing';
  readonly timesMs: readonly number[];
}

/** An alert of a notification. */
export interface NotifiedState extends Delivery {
  readonly labels: Labels;
}

/** What was seen on a lane, sorted to the scripts that brought it about. */
export interface Sightings {
  states(script: Script): readonly AlertStates[];
  notified(script: Script): readonly NotifiedState[];
  /** Every alert of the lane. */
  readonly all: readonly AlertStates[];
}

/** Sorts what was seen by the labels of the scripts' contexts; what has none, by the name of the alert. */
export function sortSightings(
  scripts: readonly Script[],
  states: readonly AlertStates[],
  notified: readonly NotifiedState[],
): Sightings {
  const byContext = new Map<string, Script>();
  const bare = scripts.filter(({ context }) => context === null);
  for (const script of scripts) {
    if (script.context !== null) byContext.set(JSON.stringify([script.context.label, script.context.value]), script);
  }
  const owner = (labels: Labels): Script | undefined => {
    for (const pair of Object.entries(labels)) {
      const script = byContext.get(JSON.stringify(pair));
      if (script !== undefined) return script;
    }
    return bare.find(({ rule }) => firedBy(rule, labels));
  };
  const statesBy = Map.groupBy(states, ({ labels }) => owner(labels));
  const notifiedBy = Map.groupBy(notified, ({ labels }) => owner(labels));
  return {
    states: (script) => statesBy.get(script) ?? [],
    notified: (script) => notifiedBy.get(script) ?? [],
    all: states,
  };
}
