import { stringify } from 'yaml';
import { walk } from '../../promql/ast.ts';
import { printDuration, printPromql } from '../../promql/print.ts';
import type { DrillRule } from './rule.ts';
import type { Sources } from './selects.ts';

/**
 * Rules that are evaluated together, in order. An alert of a rule file is drilled in a group of its own, so that it gets the fastest clock
 * that it bears; it stays together with the recording rules of its group that it reads.
 */
export interface RuleUnit {
  /** Name of its group while it is drilled. */
  readonly name: string;
  readonly rules: readonly DrillRule[];
  /** Units of one component read each other's series and share a clock. */
  readonly component: number;
}

/** Sorts alerts, and the recording rules behind them, into units. */
export function unitsOf(alerts: readonly DrillRule[], sources: Sources): RuleUnit[] {
  const needed = new Map<number, DrillRule>();
  const [groups, components] = [new Union(), new Union()];
  for (const alert of alerts) {
    needed.set(alert.id, alert);
    for (const source of sources.behind(alert)) needed.set(source.id, source);
  }
  for (const rule of needed.values()) {
    for (const source of sources.direct(rule)) {
      components.join(rule.id, source.id);
      if (source.groupId === rule.groupId) groups.join(rule.id, source.id);
    }
  }
  const ordered = [...needed.values()].toSorted((a, b) => a.id - b.id);
  return [...Map.groupBy(ordered, ({ id }) => groups.root(id))].map(([root, rules]) => ({
    name: `u${root}`,
    rules,
    component: components.root(root),
  }));
}

/** The unit as an unscaled rule file. */
export function unitText({ name, rules }: RuleUnit): string {
  const [first] = rules;
  if (first === undefined) return stringify({ groups: [] });
  const group = {
    name,
    ...duration('interval', first.groupIntervalMs),
    ...duration('query_offset', first.queryOffsetMs),
    ...(first.limit === 0 ? {} : { limit: first.limit }),
    rules: rules.map((rule) => ({
      [rule.kind]: rule.name,
      expr: rule.expr,
      ...duration('for', rule.forMs),
      ...duration('keep_firing_for', rule.keepFiringForMs),
      labels: rule.labels,
      ...(rule.kind === 'alert' ? { annotations: rule.annotations } : {}),
    })),
  };
  return stringify({ groups: [group] }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function duration(key: string, ms: number | null): Record<string, string> {
  return ms === null || ms === 0 ? {} : { [key]: printDuration(ms) };
}

/** The expression with a step in each subquery: promtool is given another evaluation interval than the file was written for. */
export function withSteps({ expr, ast }: Pick<DrillRule, 'expr' | 'ast'>, stepMs: number): string {
  const open = [...walk(ast)].filter((node) => node.kind === 'subquery' && node.step === null);
  let text = expr;
  for (const node of open.toSorted((a, b) => b.from - a.from)) {
    const filled = printPromql({ ...node, step: { ms: stepMs, from: 0, to: 0 } } as typeof node);
    text = text.slice(0, node.from) + filled + text.slice(node.to);
  }
  return text;
}

/** Sets of numbers that grow together. */
class Union {
  readonly #parents = new Map<number, number>();

  root(id: number): number {
    const parent = this.#parents.get(id) ?? id;
    return parent === id ? id : this.root(parent);
  }

  join(a: number, b: number): void {
    const [low, high] = [this.root(a), this.root(b)].toSorted((x, y) => x - y) as [number, number];
    this.#parents.set(high, low);
  }
}
