import type { PlainGroup } from '../audit/mutants/plain.ts';
import { walk } from '../promql/ast.ts';
import { parsePromql } from '../promql/parse.ts';

/** Some tests of a file, by their place in it, with the rules that decide them. */
export interface TestsWithRules {
  tests: number[];
  groups: readonly PlainGroup[];
}

/** Series by which one alert can tell another. */
const ABOUT_ALERTS = /^ALERTS(_FOR_STATE)?$/;

/**
 * Splits the tests of a file by the alerts that they speak of, each part with those alerts alone beside the recording rules. promtool evaluates every
 * rule at every step of every test; alerts that nobody asks about change nothing, unless a rule reads what Prometheus says of alerts.
 * @param alerts of each test, in the order of the file.
 */
export function splitTests(alerts: readonly (readonly string[])[], groups: readonly PlainGroup[]): TestsWithRules[] {
  const parts = Map.groupBy(alerts.keys(), (at) => [...new Set(alerts[at])].sort().join('\n'));
  return [...parts].map(([key, tests]) => {
    const asked = new Set(key.split('\n'));
    const reduced = groups.flatMap((group) => {
      const rules = group.rules.filter(({ alert }) => alert === undefined || asked.has(alert));
      return rules.length === 0 ? [] : [{ ...group, rules }];
    });
    const whole = reduced.some(({ rules }) => rules.some(({ expr }) => readsAlerts(expr)));
    return { tests, groups: whole ? groups : reduced };
  });
}

function readsAlerts(expression: string): boolean {
  const parsed = parsePromql(expression);
  if (!parsed.ok) return true;
  return [...walk(parsed.expr)].some(
    (node) => node.kind === 'selector' && (node.name === null || ABOUT_ALERTS.test(node.name)),
  );
}
