import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { AuditReport } from '../../monitoring/audit/report.ts';
import type { Problem, SourceFile } from '../../thresholds/load/problem.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { parseDurationMs } from '../../thresholds/units.ts';
import { type AuditFiles, type AuditSteps, runAudit, sortFiles } from '../audit/audit.ts';
import { extrasStep, readDrill, readRoutingInput } from '../audit/extras-step.ts';
import { loadTests } from '../audit/mutants/load-tests.ts';
import type { TestedAlert } from '../audit/mutants/settle.ts';
import { mutantsStep } from '../audit/mutants-step.ts';
import { readFiles } from '../audit/read-files.ts';
import { renderAnnotations } from '../audit/report/github.ts';
import { renderAudit } from '../audit/report/terminal.ts';
import { writeAuditReports } from '../audit/report/write.ts';
import { witnessStep } from '../audit/witness-step.ts';
import { writeTests } from '../audit/write-tests.ts';
import { counted } from '../output.ts';
import { openRunFolder } from '../run/folder.ts';
import { resolveTool } from '../tools/resolve.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand, CommandContext } from './command.ts';
import { collect, durationMs } from './options.ts';

interface AuditCommandOptions {
  scrapeInterval: number;
  witness: boolean;
  mutants?: boolean;
  tests?: string[];
  minScore?: number;
  writeTests?: string;
  alertmanager?: string;
  routeTests?: string;
  drill?: string;
  out?: string;
}

const DEFAULT_SCRAPE_INTERVAL = '15s';
const LAST_DRILL = join('results', 'latest', 'verdict.json');

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
        const { steps, problems } = await stepsOf(context, options, files, mutants ? given : undefined);
        const found = await runAudit(
          files,
          [...read.problems, ...problems],
          { scrapeIntervalMs: options.scrapeInterval },
          steps,
        );
        const code = exitCode(found, options.minScore);
        if (folder !== null) writeAuditReports(folder, found);
        if (env.GITHUB_ACTIONS === 'true') for (const line of renderAnnotations(found)) output.line(line);
        output.result(
          output.json
            ? JSON.stringify(found, null, 2)
            : renderAudit(found, read.files, { exitCode: code, minScore: options.minScore ?? null }, output.color),
        );
        return code;
      }),
    );
};

/** Test files that were named or stood among the rule files; null where there are none. */
function givenTests(
  { tests }: AuditCommandOptions,
  files: AuditFiles,
): { files: SourceFile[]; problems: Problem[] } | null {
  const named = tests === undefined ? { files: [], problems: [] } : readFiles(tests);
  const all = [...named.files, ...files.tests];
  return all.length + named.problems.length === 0 ? null : { ...named, files: all };
}

/** @param given tests to judge, null to judge those that are made; undefined for no mutants. */
async function stepsOf(
  { output, env, signal }: CommandContext,
  options: AuditCommandOptions,
  files: AuditFiles,
  given: ReturnType<typeof givenTests> | undefined,
): Promise<{ steps: AuditSteps; problems: Problem[] }> {
  const problems: Problem[] = [];
  const steps: AuditSteps = {};
  const rules = files.rules.map(({ file }) => file);
  const needed = files.rules.length > 0 && (options.witness || given !== undefined);
  const tool = needed ? await resolveTool('promtool', { env, signal, onProgress: output.progress }) : null;
  if (tool !== null && options.witness) {
    const onProgress = (settled: number, total: number) => output.progress(`  ${settled} of ${total} alerts settled`);
    steps.witnesses = (found) => witnessStep(found, { promtool: tool, signal, onProgress });
  }
  let made: readonly TestedAlert[] = [];
  const promtool = { promtool: tool?.path ?? '', signal };
  if (tool !== null && given !== undefined) {
    const loaded =
      given === null
        ? null
        : loadTests(
            given.files,
            rules.map(({ path }) => path),
          );
    problems.push(...(given?.problems ?? []), ...(loaded?.problems ?? []));
    steps.mutants = async (found, witnesses) => {
      const onProgress = output.progress;
      const results = await mutantsStep(found, witnesses, {
        ...promtool,
        files: rules,
        tests: loaded?.tests ?? null,
        onProgress,
      });
      made = results.made;
      return results;
    };
  }
  const routing = readAlertmanager(options, problems);
  const drillFile = options.drill ?? (existsSync(LAST_DRILL) ? LAST_DRILL : null);
  const drill = drillFile === null ? null : readDrill(drillFile);
  steps.extras = async (found, witnesses, tested) => {
    const extras = extrasStep(found, witnesses, tested, { routing, drill, tested: given !== undefined });
    if (options.writeTests === undefined || given === undefined) return extras;
    const { written, faults } = await writeTests(options.writeTests, made, files.rules, promtool);
    output.line(`  ${counted(written.length, 'test file')} written to ${options.writeTests}`);
    return { ...extras, testFaults: [...extras.testFaults, ...faults] };
  };
  return { steps, problems };
}

function readAlertmanager({ alertmanager, routeTests }: AuditCommandOptions, problems: Problem[]) {
  if (alertmanager === undefined) {
    if (routeTests !== undefined)
      throw new UsageError('--route-tests needs the file they are about', 'add --alertmanager FILE');
    return null;
  }
  const only = (path: string) => {
    const { files, problems: unreadable } = readFiles([path]);
    problems.push(...unreadable);
    return files[0] ?? null;
  };
  const config = only(alertmanager);
  const cases = routeTests === undefined ? null : only(routeTests);
  if (config === null || (routeTests !== undefined && cases === null)) return null;
  const { input, problems: faults } = readRoutingInput(config, cases);
  problems.push(...faults);
  return input;
}

function percent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('Write a percentage from 0 to 100.');
  return value;
}

/**
 * What could not be read was not audited, and neither was an empty set of rules: 2. Then error findings, tests that fail and a score below the gate: 1.
 * A gate without anything to count has not looked: 4.
 */
function exitCode({ totals, testFaults }: AuditReport, minScore: number | undefined): number {
  if (totals.problems > 0 || totals.alerts + totals.records === 0) return EXIT_CODE.usage;
  if (totals.errors > 0 || testFaults.length > 0) return EXIT_CODE.fail;
  if (minScore === undefined) return EXIT_CODE.pass;
  if (totals.score === null) return EXIT_CODE.inconclusive;
  return totals.score * 100 < minScore ? EXIT_CODE.fail : EXIT_CODE.pass;
}
