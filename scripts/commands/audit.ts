import { InvalidArgumentError } from 'commander';
import type { AuditOutcome } from '../../monitoring/audit/report.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { parseDurationMs } from '../../thresholds/units.ts';
import { runAudit, sortFiles } from '../audit/audit.ts';
import { type AuditInputs, givenTests, LAST_DRILL, planAudit } from '../audit/plan.ts';
import { readFiles } from '../audit/read-files.ts';
import { renderAnnotations } from '../audit/report/github.ts';
import { renderAudit } from '../audit/report/terminal.ts';
import { writeAuditReports } from '../audit/report/write.ts';
import { counted } from '../output.ts';
import { openRunFolder } from '../run/folder.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand } from './command.ts';
import { collect, durationMs } from './options.ts';

interface AuditCommandOptions extends AuditInputs {
  scrapeInterval: number;
  minScore?: number;
  out?: string;
}

const DEFAULT_SCRAPE_INTERVAL = '15s';

/** `firedrill audit`: rule files by anyone, each rule with what keeps it from doing its job. */
export const addAudit: AddCommand = (program, run) => {
  program
    .command('audit')
    .description(
      'rule files by anyone: what keeps an alert from firing, data that makes it fire, and how strong its tests are',
    )
    .argument(
      '<file...>',
      'rule files, PrometheusRule resources, folders or quoted patterns; test files of promtool count as --tests',
    )
    .option(
      '--scrape-interval <time>',
      'how often targets are scraped',
      durationMs,
      parseDurationMs(DEFAULT_SCRAPE_INTERVAL),
    )
    .option('--no-witness', 'only read the rules: do not look for data that makes each alert fire')
    .option(
      '--mutants',
      'break each alert in many small ways and see which its tests notice; on with the options below',
    )
    .option('--no-mutants', 'no mutants, whatever else is given')
    .option(
      '-t, --tests <file>',
      'test files of promtool to judge; may be given several times (default: tests made here)',
      collect,
    )
    .option('--min-score <percent>', 'least share of mutants that the tests must notice', percent)
    .option('--write-tests <folder>', 'write the tests that were made there, as promtool reads them')
    .option('--alertmanager <file>', 'alertmanager.yml: its routes and inhibition rules get mutants too')
    .option(
      '--route-tests <file>',
      'cases that the Alertmanager file must hold (default: every alert goes where it goes now)',
    )
    .option('--drill <file>', `verdict.json of a drill, for the coverage (default: ${LAST_DRILL}, if there is one)`)
    .option('-o, --out <folder>', 'also write audit.json, audit.html, junit.xml and summary.md there')
    .action(
      run<AuditCommandOptions>(async (context, options, args) => {
        const { output, env } = context;
        const read = readFiles(args);
        const folder = options.out === undefined ? null : openRunFolder(options.out, new Date());
        const files = sortFiles(read.files);
        if (files.others.length > 0)
          output.line(`  ${counted(files.others.length, 'file')} left out: resources without rules`);
        const given = givenTests(options, files);
        const mutants =
          options.mutants ?? (given !== null || options.minScore !== undefined || options.writeTests !== undefined);
        if (mutants && !options.witness && given === null) {
          throw new UsageError('tests are made from witnesses', 'leave out --no-witness, or give --tests FILE');
        }
        const { steps, problems } = await planAudit(context, options, files, mutants ? given : undefined);
        const found = await runAudit(
          files,
          [...read.problems, ...problems],
          { scrapeIntervalMs: options.scrapeInterval, minScore: options.minScore ?? null },
          steps,
        );
        const code = EXIT[found.outcome];
        if (folder !== null) writeAuditReports(folder, found);
        if (env.GITHUB_ACTIONS === 'true') for (const line of renderAnnotations(found)) output.line(line);
        output.result(
          output.json ? JSON.stringify(found, null, 2) : renderAudit(found, read.files, code, output.color),
        );
        return code;
      }),
    );
};

/** A share, 0 to 1, of an option such as `95` or `95%`. */
function percent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('Write a percentage from 0 to 100.');
  return value / 100;
}

const EXIT: Readonly<Record<AuditOutcome, number>> = { ...EXIT_CODE, unread: EXIT_CODE.usage };
