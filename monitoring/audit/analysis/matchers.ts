import type { Matcher } from '../../promql/ast.ts';

/** What a set of matchers on one label leaves: the matchers that exclude each other, or null. */
export type Contradiction = readonly Matcher[] | null;

/** Alternatives of a regular expression that are looked at one by one. */
const MAX_ALTERNATIVES = 200;

/** A word without anything that a regular expression gives a meaning; signs may be escaped. */
const PLAIN_WORD = /^(?:[^\\^$.*+?()[\]{}]|\\[^\w\s])*$/;
/** A repeated group that repeats or chooses inside: this engine, unlike that of Prometheus, may take for ever. */
const NESTED_REPETITION = /[*+|{][^()]*\)[*+{]/;
const MAX_REPETITIONS = 3;
/** No label value in a rule file comes near this. */
const MAX_CANDIDATE = 200;

/**
 * The regular expression of a matcher, anchored as Prometheus anchors it; null where this engine does not know its syntax or could take
 * long over it.
 */
function anchored(pattern: string): RegExp | null {
  if (NESTED_REPETITION.test(pattern) || (pattern.match(/[*+{]/g)?.length ?? 0) > MAX_REPETITIONS) return null;
  try {
    // RE2 writes flags at the front; this engine takes them for the whole expression.
    const flags = /^\(\?([is]+)\)/.exec(pattern);
    return new RegExp(
      `^(?:${flags === null ? pattern : pattern.slice(flags[0].length)})$`,
      `${flags?.[1] ?? ''}s`.replace('ss', 's'),
    );
  } catch {
    return null;
  }
}

/** Whether a value of a label satisfies a matcher; null where the regular expression cannot be read. A label that is absent is ''. */
export function accepts({ op, value }: Matcher, candidate: string): boolean | null {
  if (op === '=' || op === '!=') return (candidate === value) === (op === '=');
  const pattern = candidate.length > MAX_CANDIDATE ? null : anchored(value);
  return pattern === null ? null : pattern.test(candidate) === (op === '=~');
}

/** Every value that a matcher leaves, where they are few: those of `=` and of an alternation of plain words. Null for any other. */
export function finiteValues({ op, value }: Matcher): readonly string[] | null {
  if (op === '=') return [value];
  if (op !== '=~') return null;
  const inner = /^\((?:\?:)?([^()]*)\)$/.exec(value)?.[1] ?? value;
  const words = inner.split('|');
  if (words.length > MAX_ALTERNATIVES || !words.every((word) => PLAIN_WORD.test(word))) return null;
  return words.map((word) => word.replace(/\\(.)/g, '$1'));
}

/** Matchers on one label that no value satisfies together, if that is certain. */
export function contradiction(matchers: readonly Matcher[]): Contradiction {
  for (const matcher of matchers) {
    // `!~".*"` and `=~` of nothing at all.
    if (matcher.op === '!~' && /^(?:\.\*|\(\.\*\))$/.test(matcher.value)) return [matcher];
    if (matcher.op === '!~' && matcher.value === '.+' && matchers.some((other) => accepts(other, '') === false)) {
      return [matcher, ...matchers.filter((other) => accepts(other, '') === false).slice(0, 1)];
    }
    const values = finiteValues(matcher);
    if (values === null) continue;
    const others = matchers.filter((other) => other !== matcher);
    const left = values.filter((value) => others.every((other) => accepts(other, value) !== false));
    if (left.length > 0 || others.length === 0) continue;
    const culprit = others.find((other) => values.every((value) => accepts(other, value) === false));
    return culprit === undefined ? [matcher, ...others] : [matcher, culprit];
  }
  return null;
}

/** Whether the matchers on a label leave only series that have it: they refuse the empty value. */
export function demandsLabel(matchers: readonly Matcher[]): boolean {
  return matchers.some((matcher) => accepts(matcher, '') === false);
}
