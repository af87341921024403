import type { DrillRule } from './rule.ts';

/**
 * For each rule that should be deployed, the one that is: of the same name and labels, else of the same name in the same group, else the only
 * one of that name. Null where there is none.
 */
export function deployedRules(
  reference: readonly DrillRule[],
  deployed: readonly DrillRule[],
): Map<number, DrillRule | null> {
  const byName = Map.groupBy(deployed, ({ kind, name }) => `${kind} ${name}`);
  const taken = new Set<DrillRule>();
  const found = new Map<number, DrillRule | null>();
  const take = (fits: (rule: DrillRule, other: DrillRule, all: readonly DrillRule[]) => boolean) => {
    for (const rule of reference) {
      if (found.has(rule.id)) continue;
      const candidates = byName.get(`${rule.kind} ${rule.name}`) ?? [];
      const match = candidates.find((other) => !taken.has(other) && fits(rule, other, candidates));
      if (match === undefined) continue;
      taken.add(match);
      found.set(rule.id, match);
    }
  };
  take((rule, other) => rule.expr === other.expr && same(rule.labels, other.labels));
  take((rule, other) => rule.group === other.group && same(rule.labels, other.labels));
  take((rule, other) => same(rule.labels, other.labels));
  take((rule, other) => rule.group === other.group);
  take((_rule, _other, candidates) => candidates.length === 1);
  for (const rule of reference) if (!found.has(rule.id)) found.set(rule.id, null);
  return found;
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
