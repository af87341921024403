import { EXIT_CODE } from '../../thresholds/outcome.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import type { Output } from '../output.ts';
import { renderAnnotations } from '../report/annotations.ts';
import { renderVerdict } from '../report/terminal.ts';
import { displayPath, linkLatest } from '../run/folder.ts';
import { writeReports } from '../run/write.ts';

export interface Conclusion {
  output: Output;
  dir: string;
  /** True to point results/latest at the folder. */
  link: boolean;
  env: NodeJS.ProcessEnv;
}

/**
 * Runs something that ends in a verdict, writes the reports as soon as it is there, and prints it. An interrupted run leaves its reports
 * too, and then rejects with the interruption.
 */
export async function concludeRun(
  { output, dir, link, env }: Conclusion,
  work: (onVerdict: (verdict: Verdict) => void) => Promise<void>,
): Promise<number> {
  let code: number = EXIT_CODE.broken;
  await work((verdict) => {
    code = EXIT_CODE[verdict.outcome];
    writeReports(dir, verdict);
    if (link) linkLatest(dir);
    for (const annotation of renderAnnotations(verdict, env)) output.line(annotation);
    output.result(
      output.json ? JSON.stringify(verdict, null, 2) : renderVerdict(verdict, displayPath(dir), code, output.color),
    );
  });
  return code;
}
