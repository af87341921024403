import { expect, test } from 'vitest';
import { mutantsOf } from '../../../monitoring/audit/mutants/mutant.ts';
import { candidatesFor } from '../../../monitoring/audit/witness/find.ts';
import type { Witness } from '../../../monitoring/audit/witness/types.ts';
import { edgesFor, openMutants } from '../../../monitoring/rule-tests/edges.ts';
import { mutable } from '../audit/mutants/support.ts';

const MINUTE_MS = 60_000;

function clock() {
  let looks = 0;
  return { leftOpen: false, now: () => ++looks, limitMs: 3 };
}

/** What the model tells of a rule's mutants that nothing told before: what was changed, with the title of the trial. */
function told(expr: string, forMs: number, changes: readonly string[]): Map<string, string> {
  const rule = mutable(expr, { forMs });
  const sought = { expr: rule.ast, forMs, keepFiringForMs: 0, groupIntervalMs: null, mentioned: [] };
  const found = candidatesFor(sought, clock()).next();
  if (found.done === true) throw new Error(`no input makes ${expr} hold`);
  const { near: _near, healthy: _healthy, ...candidate } = found.value;
  const witness: Witness = {
    ...candidate,
    forMs,
    firingLabels: [],
    firingAnnotations: [],
    recordingRules: [],
    near: null,
    brief: null,
    episode: null,
    healthy: null,
    alwaysFires: false,
  };
  const survivors = mutantsOf(rule).filter(({ what }) => changes.includes(what));
  const open = openMutants(rule, new Map(survivors.map((mutant) => [mutant, { outcome: 'survived' }])));
  const edges = edgesFor({ rule, witness }, open, clock());
  return new Map([...edges].map(([{ what }, moments]) => [what, moments[0]?.trial.title ?? '']));
}

test.each([
  [
    'another limit of a forecast: one instance stays there, while another drifts elsewhere',
    'max by (service) (predict_linear(used[6h], 86400)) > 100 and max by (service) (deriv(used[1h])) > 0',
    ['100 becomes 101', '100 becomes 99'],
    /^used of one instance stays at (100|100\.5), that of another is at \d+ and drifts$/,
  ],
  [
    'a guard against little traffic: hardly anything is counted',
    'sum(increase(failed_total[15m])) / (sum(increase(asked_total[15m])) > 0) > 0.5',
    ['0 becomes 1'],
    /of what it counts$/,
  ],
  [
    'another share: of ten thousand requests two more fail',
    'sum(increase(asked_total{status=~"5.."}[5m])) / (sum(increase(asked_total[5m])) >= 10) > 0.05',
    ['0.05 becomes 0.0505'],
    /^502 of 10000 of asked_total with status=/,
  ],
  [
    'series that exist from now on: one after the other is born',
    'sum(increase(failed_total[5m])) > 3 or sum(failed_total unless failed_total offset 5m and on () up offset 5m) > 0',
    ['0 becomes 1', '0 becomes (-1)'],
    /^one series of failed_total after the other is born at [01]$/,
  ],
  [
    'the state of a target in one of many alternatives: one metric alone is missing',
    Array.from({ length: 9 }, (_, at) => `(up == 1 unless on (service) m${at})`).join(' or '),
    ['1 becomes 0.5'],
    /^m\d alone is missing$/,
  ],
] as const)('%s', (_, expr, changes, title) => {
  const found = told(expr, 5 * MINUTE_MS, changes);
  expect([...found.keys()].sort()).toEqual([...changes].sort());
  for (const each of found.values()) expect(each).toMatch(title);
});

test('what the tests tell already, and mutants of other parts, are left alone', () => {
  const rule = mutable('sum(a) > 5', { forMs: MINUTE_MS });
  const mutants = mutantsOf(rule);
  const fates = new Map(
    mutants.map((mutant) => [
      mutant,
      mutant.operator === 'threshold'
        ? ({ outcome: 'killed', by: 'fires' } as const)
        : ({ outcome: 'survived' } as const),
    ]),
  );
  const operators = new Set(openMutants(rule, fates).map(({ operator }) => operator));
  expect([...operators].sort()).toEqual(['comparison', 'for']);
});
