import type { PlainGroup } from '../audit/mutants/plain.ts';
import { type KnownRules, relevantRules } from '../audit/mutants/relevant.ts';
import { walk } from '../promql/ast.ts';
import { parsePromql } from '../promql/parse.ts';

/** Series that Prometheus itself writes about alerts. */
const ABOUT_ALERTS = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

/**
 * The rules that can have a part in some tests, in their groups. promtool evaluates every rule of a file at every step of every test; with hundreds of
 * rules that makes minutes of seconds, and whatever is left out here has no data.
 * @param alerts that the tests speak of.
 * @param input metrics that the tests feed in.
 */
export function sliceOf(known: KnownRules, alerts: Iterable<string>, input: ReadonlySet<string>): PlainGroup[] {
  const named = withAlertsBehind(known, new Set(alerts));
  if (named === null) return [...known.groups];
  const places = new Set<string>();
  for (const alert of [...named, ''])
    for (const place of relevantRules(known, alert, input).kept.keys()) places.add(place);
  return known.groups.flatMap((group, at) => {
    const rules = group.rules.filter((_, index) => places.has(`${at}:${index}`));
    return rules.length === 0 ? [] : [{ ...group, rules }];
  });
}

/** The alerts with those whose state they read; null where that may be any. */
function withAlertsBehind({ groups }: KnownRules, alerts: Set<string>): Set<string> | null {
  const rules = groups.flatMap((group) => group.rules);
  for (const name of alerts) {
    for (const { expr } of rules.filter(({ alert }) => alert === name)) {
      const parsed = parsePromql(expr);
      for (const node of parsed.ok ? walk(parsed.expr) : []) {
        if (node.kind !== 'selector' || !ABOUT_ALERTS.has(node.name ?? '')) continue;
        const exact = node.matchers.find(({ label, op }) => label === 'alertname' && op === '=');
        if (exact === undefined) return null;
        // A set hands out what is added while it is gone through.
        alerts.add(exact.value);
      }
    }
  }
  return alerts;
}
