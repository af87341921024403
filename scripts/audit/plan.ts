import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestFault } from '../../monitoring/audit/mutants/test-fault.ts';
import type { Problem, SourceFile } from '../../thresholds/load/problem.ts';
import type { CommandContext } from '../commands/command.ts';
import { counted } from '../output.ts';
import { resolveTool } from '../tools/resolve.ts';
import { UsageError } from '../usage-error.ts';
import type { AuditFiles, AuditSteps } from './audit.ts';
import { extrasStep, readDrill, readRoutingInput } from './extras-step.ts';
import { loadTests } from './mutants/load-tests.ts';
import type { TestedAlert } from './mutants/settle.ts';
import { mutantsStep } from './mutants-step.ts';
import { readFiles } from './read-files.ts';
import { witnessStep } from './witness-step.ts';
import { writeTests } from './write-tests.ts';

/** Where the verdict of the last run lies. */
export const LAST_DRILL = join('results', 'latest', 'verdict.json');

/** What an audit looks at beside the rule files. */
export interface AuditInputs {
  witness: boolean;
  /** Undefined: where something else asks for them. */
  mutants?: boolean;
  tests?: string[];
  writeTests?: string;
  alertmanager?: string;
  routeTests?: string;
  drill?: string;
}

/** Test files that were named or stood among the rule files; null where there are none. */
export function givenTests(
  { tests }: AuditInputs,
  files: AuditFiles,
): { files: SourceFile[]; problems: Problem[] } | null {
  const named = tests === undefined ? { files: [], problems: [] } : readFiles(tests);
  const all = [...named.files, ...files.tests];
  return all.length + named.problems.length === 0 ? null : { ...named, files: all };
}

/**
 * The steps of an audit, and what of its further files could not be read.
 * @param given tests to judge, null to judge those that are made; undefined for no mutants.
 */
export async function planAudit(
  { output, env, signal }: CommandContext,
  options: AuditInputs,
  files: AuditFiles,
  given: ReturnType<typeof givenTests> | undefined,
): Promise<{ steps: AuditSteps; problems: Problem[] }> {
  const problems: Problem[] = [];
  const testFaults: TestFault[] = [];
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
    testFaults.push(...(loaded?.faults ?? []));
    const others = loaded?.others.length ?? 0;
    if (others > 0) output.line(`  ${counted(others, 'test file')} left out: they load none of the audited rule files`);
    steps.mutants = async (found, witnesses) => {
      const onProgress = output.progress;
      const results = await mutantsStep(found, witnesses, {
        ...promtool,
        files: rules,
        tests: loaded?.tests ?? null,
        keep: options.writeTests !== undefined,
        onProgress,
      });
      made = results.made;
      return results;
    };
  }
  const routing = readAlertmanager(options, problems);
  const drillFile = options.drill ?? (existsSync(LAST_DRILL) ? LAST_DRILL : null);
  const drill = drillFile === null ? null : readDrill(drillFile);
  const asked = options.drill !== undefined;
  steps.extras = async (found, witnesses, tested) => {
    const own = extrasStep(found, witnesses, tested, {
      routing,
      mutants: options.mutants !== false,
      drill,
      asked,
      tested: given !== undefined,
    });
    const extras = { ...own, testFaults: [...testFaults, ...own.testFaults] };
    if (options.writeTests === undefined || given === undefined) return extras;
    const { written, faults, slow } = await writeTests(options.writeTests, made, files.rules, promtool);
    output.line(`  ${counted(written.length, 'test file')} written to ${options.writeTests}`);
    if (slow.length > 0) output.line(`  not run to the end for want of time: ${slow.join(', ')}`);
    return { ...extras, testFaults: [...extras.testFaults, ...faults] };
  };
  return { steps, problems };
}

function readAlertmanager({ alertmanager, routeTests }: AuditInputs, problems: Problem[]) {
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
