import type { Mutant } from '../../../monitoring/audit/mutants/mutant.ts';
import {
  isVariantName,
  type MutantFate,
  type MutantSuite,
  readSuite,
  suiteFiles,
  type UnsoundTest,
} from '../../../monitoring/audit/mutants/suite.ts';
import type { PromtoolComplaints } from '../../../monitoring/audit/promtool-output.ts';
import { type PromtoolJob, type PromtoolOptions, runPromtool } from '../promtool.ts';

/** What the tests of an alert noticed. */
export interface SuiteResult {
  suite: MutantSuite;
  fates: ReadonlyMap<Mutant, MutantFate>;
  /** The tests that fail for the rule as it is; nothing can then be said of its mutants. */
  unsound: readonly UnsoundTest[];
}

/** Suites in one process: starting promtool costs as much as ten small tests. */
const SUITES_A_JOB = 16;

/** A mutant that stops a test is taken out, and the others run again; more rounds than this are not needed by any rule seen. */
const MAX_ROUNDS = 20;

/** Runs every mutant of every suite against the tests of its alert. */
export async function runSuites(suites: readonly MutantSuite[], options: PromtoolOptions): Promise<SuiteResult[]> {
  const runs = suites.map(
    (suite): Run => ({ suite, fates: new Map(), unsound: [], left: [...suite.mutants], alone: false }),
  );
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const open = runs.filter(({ left, unsound }) => left.length > 0 && unsound.length === 0);
    if (open.length === 0) break;
    const batches = [
      ...chunk(
        open.filter(({ alone }) => !alone),
        SUITES_A_JOB,
      ),
      ...open.filter(({ alone }) => alone).map((run) => [run]),
    ];
    const complaints = await runPromtool(batches.map(jobOf), options);
    batches.forEach((batch, at) => {
      take(batch, complaints[at] as PromtoolComplaints);
    });
  }
  return runs;
}

interface Run extends SuiteResult {
  fates: Map<Mutant, MutantFate>;
  unsound: UnsoundTest[];
  left: Mutant[];
  /** Something in it does not load, which promtool tells without saying of which test: it must run by itself. */
  alone: boolean;
}

function jobOf(batch: readonly Run[]): PromtoolJob {
  const job = { rules: {} as Record<string, unknown>, tests: {} as Record<string, unknown> };
  batch.forEach(({ suite, left }, index) => {
    const rulesName = `rules-${index}.yml`;
    const { rules, test } = suiteFiles(suite, left, { rulesName, prefix: prefixOf(index) });
    job.rules[rulesName] = rules;
    job.tests[`tests-${index}.yml`] = test;
  });
  return job;
}

function take(batch: readonly Run[], complaints: PromtoolComplaints): void {
  const unclear = complaints.others.length > 0 || complaints.faults.some(({ rule }) => !isVariantName(rule));
  if (unclear && batch.length > 1) {
    for (const run of batch) run.alone = true;
    return;
  }
  batch.forEach((run, index) => {
    const { fates, again, unsound } = readSuite(run.suite, run.left, { complaints, prefix: prefixOf(index) });
    for (const [mutant, fate] of fates) run.fates.set(mutant, fate);
    run.left = again;
    run.unsound.push(...unsound);
  });
}

function prefixOf(index: number): string {
  return `s${index}t`;
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
