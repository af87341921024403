import type { AuditReport } from '../../monitoring/audit/report.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { parseDurationMs } from '../../thresholds/units.ts';
import { type AuditSteps, runAudit, sortFiles } from '../audit/audit.ts';
import { readFiles } from '../audit/read-files.ts';
import { renderAnnotations } from '../audit/report/github.ts';
import { renderAudit } from '../audit/report/terminal.ts';
import { writeAuditReports } from '../audit/report/write.ts';
import { witnessStep } from '../audit/witness-step.ts';
import { counted } from '../output.ts';
import { openRunFolder } from '../run/folder.ts';
import { resolveTool } from '../tools/resolve.ts';
import type { AddCommand } from './command.ts';
import { durationMs } from './options.ts';

interface AuditCommandOptions {
  scrapeInterval: number;
  witness: boolean;
  out?: string;
}

const DEFAULT_SCRAPE_INTERVAL = '15s';

/** `firedrill audit`: rule files by anyone, each rule with what keeps it from doing its job. */
export const addAudit: AddCommand = (program, run) => {
  program
    .command('audit')
    .description('rule files by anyone: what keeps an alert from firing, and data that makes it fire')
    .argument('<file...>', 'rule files, PrometheusRule resources, folders or quoted patterns')
    .option(
      '--scrape-interval <time>',
      'how often targets are scraped',
      durationMs,
      parseDurationMs(DEFAULT_SCRAPE_INTERVAL),
    )
    .option('--no-witness', 'only read the rules: do not look for data that makes each alert fire')
    .option('-o, --out <folder>', 'also write audit.json, audit.html, junit.xml and summary.md there')
    .action(
      run<AuditCommandOptions>(async ({ output, env, signal }, options, args) => {
        const read = readFiles(args);
        const folder = options.out === undefined ? null : openRunFolder(options.out, new Date());
        const files = sortFiles(read.files);
        for (const [what, list] of [
          ['unit tests for promtool', files.tests],
          ['resources without rules', files.others],
        ] as const) {
          if (list.length > 0) output.line(`  ${counted(list.length, 'file')} left out: ${what}`);
        }
        const steps: AuditSteps = {};
        if (options.witness && files.rules.length > 0) {
          const { path, version } = await resolveTool('promtool', { env, signal, onProgress: output.progress });
          const onProgress = (settled: number, total: number) =>
            output.progress(`  ${settled} of ${total} alerts settled`);
          steps.witnesses = (rules) => witnessStep(rules, { promtool: { path, version }, signal, onProgress });
        }
        const report = await runAudit(files, read.problems, { scrapeIntervalMs: options.scrapeInterval }, steps);
        const code = exitCode(report);
        if (folder !== null) writeAuditReports(folder, report);
        if (env.GITHUB_ACTIONS === 'true') for (const line of renderAnnotations(report)) output.line(line);
        output.result(
          output.json ? JSON.stringify(report, null, 2) : renderAudit(report, read.files, code, output.color),
        );
        return code;
      }),
    );
};

/** What could not be read was not audited, and neither was an empty set of rules: 2. Then error findings: 1. */
function exitCode({ totals }: AuditReport): number {
  if (totals.problems > 0 || totals.alerts + totals.records === 0) return EXIT_CODE.usage;
  return totals.errors > 0 ? EXIT_CODE.fail : EXIT_CODE.pass;
}
