import { type Expr, type Matcher, type VectorSelector, walk } from '../../../promql/ast.ts';
import { relabelled } from '../model/functions/labels.ts';
import { allMatchers, type Labels, matches } from '../model/world.ts';
import { patternSamples } from './pattern.ts';
import type { LabelSpace, Output, Term } from './space.ts';

/** The values of every class of label unknowns: one, or several where series are fanned out. */
export type Choice = Map<number, readonly string[]>;

export interface ChooseOptions {
  /** How many values a label takes, by class. */
  readonly fanOut: ReadonlyMap<number, number>;
  /** Labels that get a value although no matcher asks for one. */
  readonly named: ReadonlySet<string>;
  /** Another value for each label, to try again with. */
  readonly seed: number;
}

/** Values that satisfy all matchers of each class, or the first class for which none was found. */
export function chooseLabels(
  space: LabelSpace,
  expr: Expr,
  { fanOut, named, seed }: ChooseOptions,
):
  | { readonly choice: Choice }
  | {
      readonly unsatisfied: {
        readonly label: string;
        readonly matchers: readonly Matcher[];
        readonly leaves: readonly VectorSelector[];
      };
    } {
  const selectors = [...walk(expr)].filter((node) => node.kind === 'selector');
  const choice: Choice = new Map();
  for (const unknown of space.classes()) {
    const count = fanOut.get(unknown.id) ?? 1;
    const candidates = [...new Set(candidatesFor(unknown.label, unknown.matchers, selectors, named, count))].filter(
      (value) => unknown.matchers.every((matcher) => matches(matcher, value)),
    );
    const ranked = candidates
      .map((value, index) => ({ value, rank: foreign(unknown, value, selectors) * 100 + index }))
      .sort((a, b) => a.rank - b.rank);
    const start = unknown.label === '__name__' || ranked.length <= count ? 0 : seed % ranked.length;
    const values = [...ranked.slice(start), ...ranked.slice(0, start)].slice(0, count).map(({ value }) => value);
    if (values.length === 0) return { unsatisfied: unknown };
    choice.set(unknown.id, values);
  }
  settleComputed(space, choice);
  return { choice };
}

/** How many selectors of the same metric would take this series by a value that only they ask for. */
function foreign(
  unknown: { readonly label: string; readonly leaves: readonly VectorSelector[] },
  value: string,
  selectors: readonly VectorSelector[],
): number {
  const names = new Set(unknown.leaves.map(({ name }) => name));
  return selectors.filter((selector) => {
    if (unknown.leaves.includes(selector) || !names.has(selector.name)) return false;
    const own = allMatchers(selector).filter(({ label }) => label === unknown.label);
    return own.length > 0 && unknown.label !== '__name__' && own.every((matcher) => matches(matcher, value));
  }).length;
}

function candidatesFor(
  label: string,
  matchers: readonly Matcher[],
  selectors: readonly VectorSelector[],
  named: ReadonlySet<string>,
  count: number,
): string[] {
  const fixed = matchers.find(({ op }) => op === '=');
  if (fixed !== undefined) return [fixed.value];
  const sampled = matchers.filter(({ op }) => op === '=~').flatMap(({ value }) => patternSamples(value, 8 + count));
  const plain = Array.from({ length: count + 2 }, (_, index) => defaultValue(label, index));
  const wanted = named.has(label) || matchers.length > 0;
  // What other selectors ask for, or refuse: a series of its own kind for this one.
  const others = selectors
    .flatMap((selector) => selector.matchers.filter((matcher) => matcher.label === label))
    .flatMap(({ op, value }) => (op === '=' || op === '!=' ? [value] : patternSamples(value, 3)))
    .filter((value) => value !== '');
  if (count > 1) return [...sampled, ...plain, ...others];
  return wanted
    ? [...sampled.filter((value) => value !== ''), ...plain, ...others, '']
    : ['', ...sampled, ...plain, ...others];
}

const USUAL: Readonly<Record<string, readonly string[]>> = {
  code: ['200', '201', '404'],
  status: ['200', '201', '404'],
  status_code: ['200', '201', '404'],
  method: ['GET', 'POST'],
  severity: ['warning', 'critical'],
  device: ['eth0', 'sda'],
  le: ['0.5', '1', '2', '4', '8'],
  quantile: ['0.99', '0.5'],
  mountpoint: ['/data', '/'],
};

function defaultValue(label: string, index: number): string {
  return (
    USUAL[label]?.[index] ??
    (label === 'instance' ? `host-${index + 1}:9100` : `${label.replaceAll('_', '-')}-${index + 1}`)
  );
}

/** Gives unknowns that must equal a computed text that text, where their matchers allow it. */
function settleComputed(space: LabelSpace, choice: Choice): void {
  for (const { term, computed, label } of space.late) {
    if (term.kind !== 'variable') continue;
    const id = space.root(term.id);
    const text = resolve(computed, label, space, choice);
    const unknown = space.classes().find((one) => one.id === id);
    if (unknown?.matchers.every((matcher) => matches(matcher, text))) choice.set(id, [text]);
  }
}

/** The text of a label in a result, for the first value of each class, or for the values in `only`. */
export function resolve(
  term: Term | undefined,
  label: string,
  space: LabelSpace,
  choice: Choice,
  only: ReadonlyMap<number, string> = new Map(),
): string {
  switch (term?.kind) {
    case 'variable': {
      const id = space.root(term.id);
      return only.get(id) ?? choice.get(id)?.[0] ?? '';
    }
    case 'text':
      return term.text;
    case 'computed':
      return relabelled(term.call, resolveAll(term.input, space, choice, only))[label] ?? '';
    default:
      return '';
  }
}

/** The labels of a result. */
export function resolveAll(
  output: Output,
  space: LabelSpace,
  choice: Choice,
  only: ReadonlyMap<number, string> = new Map(),
): Labels {
  const labels: Record<string, string> = {};
  for (const [label, term] of output) {
    const text = resolve(term, label, space, choice, only);
    if (text !== '') labels[label] = text;
  }
  return labels;
}
