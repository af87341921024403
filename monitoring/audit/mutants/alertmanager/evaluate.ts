import { matches } from './matchers.ts';
import type { Labels, RouteNode, Routing } from './routing.ts';

/** The routes that an alert ends in, as Alertmanager walks the tree: a child that matches ends the walk unless it says `continue`. */
export function routesOf(node: RouteNode, labels: Labels): RouteNode[] {
  if (!matches(labels, node.matchers)) return [];
  const found: RouteNode[] = [];
  for (const child of node.routes) {
    const below = routesOf(child, labels);
    found.push(...below);
    if (below.length > 0 && !child.continue) break;
  }
  return found.length > 0 ? found : [node];
}

/** Who is told of an alert, sorted. */
export function receiversOf({ root }: Routing, labels: Labels): string[] {
  return [...new Set(routesOf(root, labels).map(({ receiver }) => receiver))].sort();
}

/** The labels by which an alert's notifications are grouped; `...` stands for all. */
export function groupingOf({ root }: Routing, labels: Labels): string[] {
  return [...new Set(routesOf(root, labels).flatMap(({ groupBy }) => groupBy))].sort();
}

/**
 * Whether one firing alert silences another. An alert that matches both sides of a rule is not silenced by one of which the same is true, so that
 * alerts do not silence themselves.
 */
export function inhibits({ inhibitRules }: Routing, source: Labels, target: Labels): boolean {
  return inhibitRules.some((rule) => {
    if (!matches(source, rule.source) || !matches(target, rule.target)) return false;
    if (!rule.equal.every((label) => (source[label] ?? '') === (target[label] ?? ''))) return false;
    return !(matches(target, rule.source) && matches(source, rule.target));
  });
}
