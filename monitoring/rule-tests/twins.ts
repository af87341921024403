import type { ChosenTest } from '../audit/tests/select.ts';
import { relabelled, union } from '../audit/tests/series-edit.ts';
import type { Witness, WitnessSeries } from '../audit/witness/types.ts';

/** Labels that every rule keeps apart; whoever has another value there is somebody else. */
const FOREIGN = { system: 'another-system', environment: 'another-environment' } as const;

/**
 * Tests that somebody else's series do not matter, to be added to those of an alert: its whole fault under another system changes nothing against no
 * series at all, and a healthy twin in another environment hides nothing. What they expect follows from the other tests, not from the rule.
 */
export function twinTests(witness: Witness, tests: readonly ChosenTest[]): ChosenTest[] {
  const { series, near, healthy, fireAtMs, endMs } = witness;
  const firingAt = (titles: readonly string[]) =>
    tests.find(({ trial }) => titles.includes(trial.title))?.expected.find(({ timeMs }) => timeMs === fireAtMs)?.firing;
  const twins: ChosenTest[] = [];
  const add = (title: string, of: readonly WitnessSeries[], firing: ChosenTest['expected'][number]['firing']) =>
    twins.push({
      trial: { title, series: of, endMs, timesMs: [fireAtMs] },
      expected: [{ timeMs: fireAtMs, firing }],
    });
  const names = new Set(series.map(({ labels }) => labels.__name__));
  const nothing = firingAt(['without any series', ...(names.size === 1 ? [`without ${[...names][0]}`] : [])]);
  if (nothing !== undefined && series.length > 0 && series.every(({ labels }) => labels.system !== undefined)) {
    add('the fault of another system', under({ system: FOREIGN.system }, series), nothing);
  }
  const fires = firingAt(['fires']);
  const quiet = (near ?? healthy)?.series ?? [];
  if (fires !== undefined && quiet.length > 0) {
    const twin = under({ environment: FOREIGN.environment }, quiet);
    add('fires beside a healthy twin in another environment', union(series, twin), fires);
  }
  return twins;
}

function under(labels: Readonly<Record<string, string>>, series: readonly WitnessSeries[]): WitnessSeries[] {
  return series.map((each) => relabelled(each, labels));
}
