import { expect, test } from 'vitest';
import { type Mutant, mutantsOf } from '../../../../monitoring/audit/mutants/mutant.ts';
import { observationsOf } from '../../../../monitoring/audit/tests/assign.ts';
import type { Moment } from '../../../../monitoring/audit/tests/observation.ts';
import type { Trial } from '../../../../monitoring/audit/tests/trial.ts';
import type { Witness } from '../../../../monitoring/audit/witness/types.ts';
import { mutable } from '../mutants/support.ts';

const rule = mutable('x > 5');
const [first, second] = mutantsOf(rule) as [Mutant, Mutant];
const source = { rule, plain: { alert: 'Test', expr: rule.expr }, witness: {} as Witness };
const short: Trial = { title: 'short', series: [], endMs: 3, timesMs: [1, 2, 3] };
const long: Trial = { title: 'long', series: [], endMs: 9, timesMs: [1, 5, 9] };
const options = { always: [], unabridged: false, readable: false };

const at = (trial: Trial, timeMs: number): Moment => ({ trial, timeMs });

function assigned(hopes: [Mutant, Moment[]][], choice: [Trial, number[]][], change: Partial<typeof options> = {}) {
  return observationsOf(source, new Map(hopes), new Map(choice), { ...options, ...change }).map(
    ({ trial, mutants, timesMs }) => [trial.title, mutants.map(({ id }) => id), timesMs],
  );
}

test('a mutant goes to the shortest trial that tells it, which ends there', () => {
  const hopes: [Mutant, Moment[]][] = [
    [first, [at(long, 9), at(short, 2)]],
    [second, [at(long, 5), at(long, 9)]],
  ];
  const choice: [Trial, number[]][] = [
    [long, [5, 9]],
    [short, [2]],
  ];
  expect(assigned(hopes, choice)).toEqual([
    ['short', [first.id], [1, 2]],
    ['long', [second.id], [1, 5]],
  ]);
  expect(assigned(hopes, choice, { unabridged: true })).toEqual([
    ['short', [first.id], [1, 2, 3]],
    ['long', [second.id], [1, 5, 9]],
  ]);
});

test('a trial that tells nothing is left out, unless it is always run', () => {
  const hopes: [Mutant, Moment[]][] = [[first, [at(short, 2)]]];
  const choice: [Trial, number[]][] = [
    [long, [5]],
    [short, [2]],
  ];
  expect(assigned(hopes, choice)).toEqual([['short', [first.id], [1, 2]]]);
  expect(observationsOf(source, new Map(hopes), new Map(choice), { ...options, always: [long] })).toHaveLength(2);
});
