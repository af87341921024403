/** Something wrong in a catalogue file: where, what, which rule, and what to write instead. */
export interface Problem {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** How many characters the marker under the line covers. */
  length: number;
  /** Path in the document, such as `services[0].endpoints[1].weight`. */
  path: string;
  rule: string;
  fix: string;
  /** The value stands on that line and must not be shown. */
  secret?: true;
}

/** A file as read. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Sorts problems by file, line and column, and drops exact repetitions. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return [...problems]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .filter((problem) => {
      const key = `${problem.file}:${problem.line}:${problem.column}:${problem.rule}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** Widest part of a source line that is shown. */
const SHOWN_COLUMNS = 100;

/**
 * A problem as a person reads it: file:line:column, the line with a marker, the rule, the fix. A secret on the line is masked, a long
 * line is cut around the marker, and control characters of a file that is no text are not sent to the terminal.
 */
export function renderProblem(problem: Problem, files: readonly SourceFile[]): string {
  const source = files.find((file) => file.path === problem.file)?.text.split('\n')[problem.line - 1] ?? '';
  const masked = problem.secret ? source.replace(/^(\s*(?:- )?[^:]+:\s*).*/, '$1********') : source;
  const from = Math.max(0, Math.min(problem.column - 1 - SHOWN_COLUMNS / 2, masked.length - SHOWN_COLUMNS));
  const shown = masked.slice(from, from + SHOWN_COLUMNS).replace(/\p{Cc}/gu, '\u00b7');
  const at = problem.column - 1 - from;
  const marker = problem.secret ? '' : '^'.repeat(Math.max(1, Math.min(problem.length, shown.length - at)));
  return [
    `${problem.file}:${problem.line}:${problem.column}  error  ${problem.path || 'document'}`,
    `${`${problem.line}`.padStart(5)} | ${shown}`,
    ...(marker === '' ? [] : [`${' '.repeat(5)} | ${' '.repeat(at)}${marker}`]),
    `        ${problem.rule}`,
    `        fix: ${problem.fix}`,
  ].join('\n');
}
