import type { Call, Expr, Matcher, Span, VectorSelector } from '../../../promql/ast.ts';
import { allMatchers, matches } from '../model/world.ts';

/** What a label of a node's result holds: the label of a selector, a fixed text ('' for none), or a text computed from others. */
export type Term =
  | { readonly kind: 'variable'; readonly id: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'computed'; readonly call: Call; readonly input: Output };

/** The labels of the one element of a node's result on which the search works. */
export type Output = ReadonlyMap<string, Term>;

/** Two sides that can never have the same label, or matchers that nothing can satisfy. */
export interface Conflict {
  readonly at: Span;
  readonly label: string;
  readonly detail: string;
}

export const NONE: Term = { kind: 'text', text: '' };

interface Variable {
  parent: number;
  readonly label: string;
  readonly matchers: Matcher[];
  readonly leaves: VectorSelector[];
}

/** The labels of every selector as unknowns. Joins make unknowns equal; matchers restrict them. */
export class LabelSpace {
  readonly universe: readonly string[];
  readonly outputs = new Map<Expr, Output>();
  readonly conflicts: Conflict[] = [];
  /** Unknowns that must equal a text computed from others. */
  readonly late: {
    readonly term: Term;
    readonly computed: Extract<Term, { kind: 'computed' }>;
    readonly label: string;
  }[] = [];
  readonly #variables: Variable[] = [];

  constructor(universe: readonly string[]) {
    this.universe = universe;
  }

  /** The unknown labels of a selector, `__name__` among them. */
  leaf(selector: VectorSelector): Output {
    const known = this.outputs.get(selector);
    if (known !== undefined) return known;
    const matchers = allMatchers(selector);
    const output = new Map<string, Term>();
    for (const label of this.universe) {
      const own = matchers.filter((matcher) => matcher.label === label);
      const id = this.#variables.length;
      this.#variables.push({ parent: id, label, matchers: own, leaves: [selector] });
      output.set(label, { kind: 'variable', id });
      this.#check(own, label, selector);
    }
    this.outputs.set(selector, output);
    return output;
  }

  /** Makes two labels equal. False when they can never be. */
  unify(a: Term, b: Term, label: string, at: Span): boolean {
    if (a.kind === 'computed' || b.kind === 'computed') {
      if (a.kind === 'computed') this.late.push({ term: b, computed: a, label });
      else if (b.kind === 'computed') this.late.push({ term: a, computed: b, label });
      return true;
    }
    if (a.kind === 'text' && b.kind === 'text') {
      if (a.text === b.text) return true;
      this.conflicts.push({ at, label, detail: `${show(a.text)} on one side, ${show(b.text)} on the other` });
      return false;
    }
    if (a.kind === 'variable' && b.kind === 'variable') {
      const [one, other] = [this.root(a.id), this.root(b.id)];
      if (one === other) return true;
      const [kept, joined] = [this.#variable(one), this.#variable(other)];
      // A side that cannot agree stays as it is, for the sake of what does not depend on the join.
      if (!this.#check([...kept.matchers, ...joined.matchers], kept.label, at)) return false;
      joined.parent = one;
      kept.matchers.push(...joined.matchers);
      kept.leaves.push(...joined.leaves);
      return true;
    }
    const [variable, text] = a.kind === 'variable' ? [a, b] : [b, a];
    if (variable.kind !== 'variable' || text.kind !== 'text') return true;
    const root = this.root(variable.id);
    const { matchers } = this.#variable(root);
    const fixed: Matcher = { label, op: '=', value: text.text, from: at.from, to: at.to };
    if (!this.#check([...matchers, fixed], label, at)) return false;
    matchers.push(fixed);
    return true;
  }

  restrict(term: Term, matcher: Matcher): void {
    if (term.kind === 'variable') this.#variable(this.root(term.id)).matchers.push(matcher);
  }

  root(id: number): number {
    let at = id;
    for (let next = this.#variable(at).parent; next !== at; next = this.#variable(at).parent) at = next;
    return at;
  }

  /** Every class of equal unknowns: its label, its matchers, and the selectors that have it. */
  classes(): {
    readonly id: number;
    readonly label: string;
    readonly matchers: readonly Matcher[];
    readonly leaves: readonly VectorSelector[];
  }[] {
    return this.#variables.flatMap((variable, id) => (variable.parent === id ? [{ id, ...variable }] : []));
  }

  /** Matchers that contradict each other for sure: equality against anything, or a pattern that refuses every text. */
  #check(matchers: readonly Matcher[], label: string, at: Span): boolean {
    const fixed = matchers.find(({ op }) => op === '=');
    const refused =
      fixed === undefined ? matchers.find(refusesAll) : matchers.find((other) => !matches(other, fixed.value));
    if (refused === undefined) return true;
    const detail =
      fixed === undefined
        ? `${label}${refused.op}${JSON.stringify(refused.value)} matches no value`
        : `${show(fixed.value)} is required, and ${label}${refused.op}${JSON.stringify(refused.value)} refuses it`;
    this.conflicts.push({ at, label, detail });
    return false;
  }

  #variable(id: number): Variable {
    const variable = this.#variables[id];
    if (variable === undefined) throw new RangeError(`no label unknown ${id}`);
    return variable;
  }
}

function refusesAll({ op, value }: Matcher): boolean {
  return op === '!~' && ['.*', '(.*)', '.*.*', '^.*$', '(?s).*', '|.+', '.+|', '.*|'].includes(value);
}

function show(text: string): string {
  return text === '' ? 'no such label' : JSON.stringify(text);
}
