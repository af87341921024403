import { HarnessError } from './harness-error.ts';

/** How a process ended: one of the two is null. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Lines of output shown in an error. */
const SHOWN_LINES = 15;

/** "exit code 1" or "killed by SIGTERM". */
export function describeExit({ code, signal }: ExitStatus): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}

/** The error for a child process that let the run down: what happened, then the end of its output. */
export function processFailed(
  child: { readonly tail: (lines: number) => string[]; readonly logFile: string | undefined },
  message: string,
  happened: string,
): HarnessError {
  const tail = child.tail(SHOWN_LINES);
  const output =
    tail.length === 0 ? ['it wrote no output'] : ['the end of its output:', ...tail.map((line) => `  ${line}`)];
  const hint = child.logFile === undefined ? {} : { hint: `its whole output: ${child.logFile}` };
  return new HarnessError(message, { reason: [happened, ...output].join('\n'), ...hint });
}
