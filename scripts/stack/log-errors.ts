/** `level=error ... err="text with \"quotes\" and \n"` (2.x) and `level=ERROR ...` (3.x); a one-word err has no quotes. */
const LEVEL = /\blevel=error\b/i;
const FIELD = /\b(err|error)=("(?:[^"\\]|\\.)*"|\S+)/;
/** The short lines that Prometheus writes after the one that holds the cause. */
const NO_CAUSE = /^one or more|previous rule set restored$|one or more errors occurred while applying/;

/**
 * What Prometheus or Alertmanager says is wrong, out of its log: the text of each error, unescaped, without repetitions
 * and without the lines that only say that there was an error. Alertmanager 0.25 writes some errors without a level.
 */
export function errorsInLog(lines: readonly string[]): string[] {
  const texts = lines.flatMap((line) => {
    const match = FIELD.exec(line);
    if (match === null || !(LEVEL.test(line) || /\b(failed|error)\b/i.test(line))) return [];
    const text = unquote(match[2] ?? '');
    return NO_CAUSE.test(text) ? [] : [text];
  });
  return [...new Set(texts)];
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
