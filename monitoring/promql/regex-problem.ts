/** What this engine knows and RE2, which Prometheus uses, does not. */
const NOT_IN_RE2: readonly (readonly [RegExp, string])[] = [
  [/(?<!\\)(?:\\\\)*\(\?<?[=!]/, 'it looks ahead or behind, which RE2 cannot'],
  [/(?<!\\)(?:\\\\)*\\[1-9]/, 'it refers back, which RE2 cannot'],
];
/** What RE2 knows and this engine does not: nothing is claimed about such. */
const ONLY_IN_RE2 = /\(\?|\[\[:|\\[QEACzpP]|\[\^?\]/;

/** Why RE2 would refuse a regular expression; null for a good one, and where that is not certain. */
export function regexProblem(pattern: string): string | null {
  const foreign = NOT_IN_RE2.find(([sign]) => sign.test(pattern));
  if (foreign !== undefined) return foreign[1];
  if (ONLY_IN_RE2.test(pattern)) return null;
  try {
    new RegExp(`^(?:${pattern})$`);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^Invalid regular expression: .*\/[a-z]*: /, '').toLowerCase();
  }
}
