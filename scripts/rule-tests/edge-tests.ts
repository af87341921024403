import { plainRule } from '../../monitoring/audit/mutants/plain.ts';
import { observationsOf } from '../../monitoring/audit/tests/assign.ts';
import { type ChosenTest, chooseTrials } from '../../monitoring/audit/tests/select.ts';
import { edgesFor, openMutants } from '../../monitoring/rule-tests/edges.ts';
import type { TestedAlert } from '../audit/mutants/settle.ts';
import type { PromtoolOptions } from '../audit/promtool.ts';
import { counting, MOST_PLANS } from '../audit/tests/generate.ts';
import { observe } from '../audit/tests/observe.ts';

/**
 * The tests of an alert, and more where they do not tell every other limit, comparison and wait. As in the audit, the model finds inputs, and promtool says
 * what the rule does with them; those that then tell nothing are left out.
 */
export async function withEdges(
  { entry, rule, witness, tests, fates }: TestedAlert,
  options: PromtoolOptions,
): Promise<readonly ChosenTest[]> {
  const clock = { leftOpen: false, now: counting(), limitMs: MOST_PLANS };
  const hopes = edgesFor({ rule, witness }, openMutants(rule, fates), clock);
  const source = { rule, plain: plainRule(entry.rule), witness };
  const observations = observationsOf(source, hopes, chooseTrials([], hopes), {
    always: [],
    unabridged: true,
    readable: true,
  });
  const results = await observe(observations, options);
  const evidence = new Map(results.flatMap(({ differs }) => [...differs]));
  const more = [...chooseTrials([], evidence)].flatMap(([trial, timesMs]): ChosenTest[] => {
    const seen = results.map(({ original }) => original.get(trial)).find((each) => each !== undefined);
    return seen === undefined
      ? []
      : [{ trial, expected: timesMs.map((timeMs) => ({ timeMs, firing: seen.get(timeMs) ?? [] })) }];
  });
  return [...tests, ...more];
}
