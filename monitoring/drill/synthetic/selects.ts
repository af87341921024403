import { compilePattern } from '../../audit/witness/labels/pattern.ts';
import type { Expr, VectorSelector } from '../../promql/ast.ts';
import { walk } from '../../promql/ast.ts';
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

/** Whether a selector could read what a rule records; labels of its result are not known beyond those that it sets. */
export function reads({ name, matchers }: VectorSelector, { name: record }: Pick<DrillRule, 'name'>): boolean {
  if (name !== null) return name === record;
  const named = matchers.filter(({ label }) => label === '__name__');
  return (
    named.length > 0 &&
    selects(
      { kind: 'selector', name: null, matchers: named, offset: null, at: null, from: 0, to: 0 },
      { __name__: record },
    )
  );
}

/** Finds what a rule reads, through recording rules. */
export class Sources {
  readonly #recordings: readonly DrillRule[];
  readonly #known = new Map<number, readonly DrillRule[]>();

  constructor(rules: readonly DrillRule[]) {
    this.#recordings = rules.filter(({ kind }) => kind === 'record');
  }

  /** The recording rules that a rule reads directly, in the order of the files. */
  direct(rule: DrillRule): readonly DrillRule[] {
    const known = this.#known.get(rule.id);
    if (known !== undefined) return known;
    const selectors = selectorsOf(rule.ast);
    const found = this.#recordings.filter((each) => each.id !== rule.id && selectors.some((one) => reads(one, each)));
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
