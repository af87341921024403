import { readFileSync } from 'node:fs';

/** What the scenarios told of single iterations: the first line of each row. */
export interface ConsoleEvidence {
  /** Why an answer was not as expected, by row. */
  mismatches: Map<string, string>;
  /** What was thrown, by row; the empty row stands for an iteration that did not even know its own. */
  exceptions: Map<string, string>;
}

/** Reads the scenarios' lines from k6's console output, one JSON object a line. Anything else in it is passed over. */
export function readConsole(path: string): ConsoleEvidence {
  const evidence: ConsoleEvidence = { mismatches: new Map(), exceptions: new Map() };
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // k6 makes the file with its first line: none was written.
  }
  for (const line of text.split('\n')) {
    const told = parseLine(line);
    if (told === undefined) continue;
    const firsts = told.kind === 'exception' ? evidence.exceptions : evidence.mismatches;
    if (!firsts.has(told.row)) firsts.set(told.row, told.detail);
  }
  return evidence;
}

function parseLine(line: string): { kind: string; row: string; detail: string } | undefined {
  try {
    const { kind, row, detail } = JSON.parse(JSON.parse(line).msg);
    if ([kind, row, detail].every((part) => typeof part === 'string')) return { kind, row, detail };
  } catch {
    // The program's own console output, or a line cut short by the end of k6.
  }
  return undefined;
}
