import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, parse, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { plainGroup } from '../../monitoring/audit/mutants/plain.ts';
import type { TestFault } from '../../monitoring/audit/mutants/test-fault.ts';
import type { ParsedRuleFile } from '../../monitoring/audit/rule-file/parse.ts';
import { renderTestFiles } from '../../monitoring/audit/tests/render.ts';
import { runCommand } from '../process/run-command.ts';
import { displayPath } from '../run/folder.ts';
import { UsageError } from '../usage-error.ts';
import { loadedFor, type TestedAlert } from './mutants/settle.ts';
import type { PromtoolOptions } from './promtool.ts';

/** Test files by path. */
export interface WrittenTests {
  written: string[];
  /** Those that fail. */
  faults: TestFault[];
  /** Those that promtool did not get through in time: it evaluates every rule of the file at every step of every test. */
  slow: string[];
}

/** Bound of promtool over one written file. */
const RUN_LIMIT_MS = 120_000;

/**
 * Writes the tests that were made, one file a rule file and evaluation interval, and runs each as its user will: by promtool, against the rule files
 * where they are. PrometheusRule resources, which promtool does not read, are put beside them as plain rule files.
 * @throws UsageError when the folder cannot be written.
 */
export async function writeTests(
  dir: string,
  made: readonly TestedAlert[],
  parsed: readonly ParsedRuleFile[],
  options: PromtoolOptions,
): Promise<WrittenTests> {
  const folder = resolve(dir);
  const bases = baseNames(parsed.map(({ file }) => file.path));
  const files = parsed.map(({ file }) => file);
  const outputs = new Map<string, string>();
  const tests: string[] = [];
  const rulePath = (path: string): string => {
    const source = parsed.find(({ file }) => file.path === path);
    if (source?.resource !== true) return relative(folder, resolve(path)).replaceAll('\\', '/');
    const name = `${bases.get(path)}.rules.yaml`;
    outputs.set(name, `${HEADER}${stringify({ groups: source.file.groups.map(plainGroup) }, { lineWidth: 0 })}`);
    return name;
  };
  for (const [path, members] of Map.groupBy(made, ({ entry }) => entry.file)) {
    const tested = members.filter(({ tests: own }) => own.length > 0);
    if (tested.length === 0) continue;
    const loaded = loadedFor(path, tested, files);
    const alerts = tested.map(({ rule, witness, tests: own }) => ({
      alert: rule.alert,
      intervalMs: witness.intervalMs,
      evaluationMs: witness.evaluationMs,
      tests: own,
    }));
    const rendered = renderTestFiles(alerts, {
      ruleFiles: loaded.map((file) => rulePath(file.path)),
      baseName: bases.get(path) ?? 'rules',
      groups: loaded.flatMap(({ groups }) => groups.map(({ name }) => name)),
    });
    for (const { name, text } of rendered) {
      outputs.set(name, text);
      tests.push(name);
    }
  }
  writeAll(folder, outputs);
  return {
    written: tests.map((name) => displayPath(join(folder, name))),
    ...(await runWritten(folder, tests, options)),
  };
}

/** Runs the written files, as many at once as there are processors; each was seen to hold against the rules that have a part in it before. */
async function runWritten(
  folder: string,
  tests: readonly string[],
  { promtool, signal }: PromtoolOptions,
): Promise<Pick<WrittenTests, 'faults' | 'slow'>> {
  const faults: TestFault[] = [];
  const slow: string[] = [];
  const left = [...tests];
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const file = displayPath(join(folder, name));
      const startedAt = performance.now();
      const run = { cwd: folder, timeoutMs: RUN_LIMIT_MS, signal };
      const { ok, output, reason } = await runCommand(promtool, ['test', 'rules', name], run);
      signal?.throwIfAborted();
      if (ok) continue;
      if (performance.now() - startedAt >= RUN_LIMIT_MS) {
        slow.push(file);
        continue;
      }
      const alert = /alertname: ?(\S+), time/.exec(output)?.[1] ?? null;
      faults.push({ id: 'test-fails', file, line: 1, alert, reason: `promtool test rules fails: ${reason}` });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tests.length) }, work));
  const order = (a: string, b: string) => a.localeCompare(b);
  return { faults: faults.sort((a, b) => order(a.file, b.file)), slow: slow.sort(order) };
}

const HEADER = `# Made by firedrill audit: the groups of a PrometheusRule, as promtool reads them.
`;

function writeAll(folder: string, outputs: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of outputs) {
      const temporary = join(folder, `.${name}.${process.pid}`);
      writeFileSync(temporary, text);
      renameSync(temporary, join(folder, name));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write tests to ${folder}: ${reason}`, 'name a writable folder with --write-tests DIR');
  }
}

/** A name for each file: its own, and where several share it, its path. */
function baseNames(paths: readonly string[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(parse(path).name, (counts.get(parse(path).name) ?? 0) + 1);
  return new Map(
    paths.map((path) => {
      const { name, dir } = parse(path);
      const whole = [...dir.split(/[\\/]/), name].filter((part) => !['', '.', '..'].includes(part)).join('-');
      return [path, counts.get(name) === 1 ? name : whole];
    }),
  );
}
