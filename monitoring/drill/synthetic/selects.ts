import { compilePattern } from '../../audit/witness/labels/pattern.ts';
import type { Expr, VectorSelector } from '../../promql/ast.ts';
import { walk } from '../../promql/ast.ts';
import { mayRead } from '../../scaling/links.ts';
import type { DrillRule } from './rule.ts';

type Labels = Readonly<Record<string, string>>;

/** Every selector of an expression. */
export function selectorsOf(expr: Expr): VectorSelector[] {
  return [...walk(expr)].filter((node): node is VectorSelector => node.kind === 'selector');
}

/** Whether a series could be selected: `name` and matchers hold for its labels. A pattern that cannot be compiled may match anything. */
export function selects({ name, matchers }: VectorSelector, labels: Labels): boolean {
  if (name !== null && labels.__name__ !== name) return false;
  return matchers.every(({ label, op, value }) => {
    const has = labels[label] ?? '';
    if (op === '=' || op === '!=') return (has === value) === (op === '=');
    const pattern = compilePattern(value);
    return pattern === null || pattern.test(has) === (op === '=~');
  });
}

/** Finds what a rule reads, through recording rules. */
export class Sources {
  readonly #recordings: readonly DrillRule[];
  readonly #known = new Map<number, readonly DrillRule[]>();
  readonly #rules: readonly DrillRule[];
  readonly #fed: ReadonlySet<number>;

  /** @param fed alerts that are given the series that they read, so that they read no rule. */
  constructor(rules: readonly DrillRule[], fed: ReadonlySet<number> = new Set()) {
    this.#rules = rules;
    this.#fed = fed;
    this.#recordings = rules.filter(({ kind }) => kind === 'record');
  }

  /** The same, but some alerts are given the series that they read. */
  feeding(fed: ReadonlySet<number>): Sources {
    return new Sources(this.#rules, fed);
  }

  /** The recording rules that a rule reads directly, in the order of the files. */
  direct(rule: DrillRule): readonly DrillRule[] {
    if (this.#fed.has(rule.id)) return [];
    const known = this.#known.get(rule.id);
    if (known !== undefined) return known;
    const selectors = selectorsOf(rule.ast);
    const found = this.#recordings.filter(
      (each) => each.id !== rule.id && selectors.some((one) => mayRead(one, each.source)),
    );
    this.#known.set(rule.id, found);
    return found;
  }

  /** All recording rules behind a rule, those that others read first. */
  behind(rule: DrillRule): DrillRule[] {
    const ordered: DrillRule[] = [];
    const seen = new Set<number>([rule.id]);
    const visit = (each: DrillRule) => {
      for (const source of this.direct(each)) {
        if (seen.has(source.id)) continue;
        seen.add(source.id);
        visit(source);
        ordered.push(source);
      }
    };
    visit(rule);
    return ordered;
  }
}
