import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
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

/** Bound of promtool over one written file. */
const RUN_LIMIT_MS = 600_000;

/**
 * Writes the tests that were made, one file a rule file and evaluation interval, and runs each as its user will: by promtool, against the rule files
 * where they are. PrometheusRule resources, which promtool does not read, are put beside them as plain rule files.
 * @returns the paths of the test files, and those that fail.
 * @throws UsageError when the folder cannot be written.
 */
export async function writeTests(
  dir: string,
  made: readonly TestedAlert[],
  parsed: readonly ParsedRuleFile[],
  options: PromtoolOptions,
): Promise<{ written: string[]; faults: TestFault[] }> {
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
  const faults: TestFault[] = [];
  for (const name of tests) {
    const run = { cwd: folder, timeoutMs: RUN_LIMIT_MS, signal: options.signal };
    const { ok, output, reason } = await runCommand(options.promtool, ['test', 'rules', name], run);
    options.signal?.throwIfAborted();
    if (ok) continue;
    const first = /alertname: ?(\S+), time/.exec(output)?.[1] ?? null;
    const file = displayPath(join(folder, name));
    faults.push({ id: 'test-fails', file, line: 1, alert: first, reason: `promtool test rules fails: ${reason}` });
  }
  return { written: tests.map((name) => displayPath(join(folder, name))), faults };
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
