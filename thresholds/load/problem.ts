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

/**
 * A problem as a person reads it: file:line:column, the line with a marker, the rule, the fix. A secret on the line is masked.
 */
export function renderProblem(problem: Problem, files: readonly SourceFile[]): string {
  const source = files.find((file) => file.path === problem.file)?.text.split('\n')[problem.line - 1] ?? '';
  const shown = problem.secret ? source.replace(/^(\s*(?:- )?[^:]+:\s*).*/, '$1********') : source;
  const gutter = `${problem.line}`.padStart(5);
  const marker = problem.secret
    ? ''
    : '^'.repeat(Math.max(1, Math.min(problem.length, shown.length - problem.column + 1)));
  return [
    `${problem.file}:${problem.line}:${problem.column}  error  ${problem.path || 'document'}`,
    `${gutter} | ${shown}`,
    ...(marker === '' ? [] : [`${' '.repeat(5)} | ${' '.repeat(problem.column - 1)}${marker}`]),
    `        ${problem.rule}`,
    `        fix: ${problem.fix}`,
  ].join('\n');
}
