import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { mutantsOf } from '../../../monitoring/audit/mutants/mutant.ts';
import { mutableRule, type PlainGroup, plainGroup, plainRule } from '../../../monitoring/audit/mutants/plain.ts';
import { tallyMutants } from '../../../monitoring/audit/mutants/tally.ts';
import { userSuites } from '../../../monitoring/audit/mutants/user-suites.ts';
import type { RuleFile } from '../../../monitoring/audit/rule-file/model.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { sortFiles } from '../../../scripts/audit/audit.ts';
import { loadTests } from '../../../scripts/audit/mutants/load-tests.ts';
import { runSuites } from '../../../scripts/audit/mutants/run-suites.ts';
import { runPromtool } from '../../../scripts/audit/promtool.ts';
import { readFiles } from '../../../scripts/audit/read-files.ts';

export const FOLDER = 'monitoring/generated/prometheus/tests';

const OPERATORS = new Set(['threshold', 'comparison', 'for']);

/** A rule with a changed limit, comparison or `for` that no test noticed. */
export interface SurvivorLine {
  rule: string;
  what: string;
}

/** Names of the rule groups with committed tests. */
export function groupNames(): string[] {
  return globSync(`${FOLDER}/rules/*.yml`)
    .map((path) => basename(path, '.yml'))
    .sort();
}

/** Changes every limit, comparison and `for` of a group's rules, and runs the committed tests on each change. */
export async function mutateGroup(name: string, promtool: string, signal: AbortSignal) {
  const sources = readFiles(globSync(`${FOLDER}/${name}.*_test.yaml`)).files;
  const rules = sortFiles(readFiles([`${FOLDER}/rules/${name}.yml`]).files).rules.map(({ file }) => file);
  const { tests } = loadTests(
    sources,
    rules.map(({ path }) => path),
  );
  const [file] = tests.flatMap((each) => each.rules);
  if (file === undefined) throw new Error(`no committed test loads the rules of ${name}`);
  const alerts = alertSubjects(file, tests);
  const results = await runSuites(
    alerts.flatMap(({ suites }) => suites),
    { promtool, signal },
  );
  const survivors: SurvivorLine[] = [];
  let killed = 0;
  let equivalent = 0;
  for (const { rule, mutants, suites } of alerts) {
    const own = results.filter(({ suite }) => suites.some((each) => each === suite));
    const unsound = own.flatMap((each) => each.unsound);
    if (unsound.length > 0) throw new Error(`${rule.alert}: ${unsound[0]?.reason}`);
    const fates = new Map(
      own
        .flatMap(({ fates: each }) => [...each])
        .sort(([, a], [, b]) => Number(a.outcome === 'killed') - Number(b.outcome === 'killed')),
    );
    const tally = tallyMutants(rule, fates, mutants, () => ({ reason: 'survived', lack: null, killer: null }));
    killed += tally.killed;
    equivalent += tally.equivalent;
    survivors.push(...tally.survived.map(({ what }) => ({ rule: rule.alert, what })));
  }
  const recorded = await mutateRecordings(
    file,
    sources.map(({ text }) => text),
    promtool,
    signal,
  );
  return { killed: killed + recorded.killed, equivalent, survivors: [...survivors, ...recorded.survivors] };
}

function alertSubjects(file: RuleFile, tests: ReturnType<typeof loadTests>['tests']) {
  return file.groups.flatMap((group, at) =>
    group.rules.flatMap((each, index) => {
      const parsed = parsePromql(each.expr.text);
      if (each.kind !== 'alert' || !parsed.ok) return [];
      const rule = mutableRule(each, parsed.expr);
      const mutants = mutantsOf(rule).filter(({ operator }) => OPERATORS.has(operator));
      const place = { path: file.path, group: at, rule: index, alert: each.name };
      // Alone: promtool evaluates every rule of the group for every test, and the inputs of these tests are what it reads.
      const alone = { groups: [{ ...plainGroup(group), rules: [plainRule(each)] }], group: 0, rule: 0 };
      return [{ rule, mutants, suites: userSuites(place, mutants, tests).map((suite) => ({ ...suite, ...alone })) }];
    }),
  );
}

/** Recording rules keep their name, so each mutant has a promtool of its own. */
async function mutateRecordings(file: RuleFile, texts: readonly string[], promtool: string, signal: AbortSignal) {
  const groups = file.groups.map(plainGroup);
  const tests = texts
    .map((text) => parse(text, { maxAliasCount: -1 }))
    .filter(({ tests: own }) => own.some((test: object) => 'promql_expr_test' in test));
  const cases = file.groups.flatMap((group, at) =>
    group.rules.flatMap((each, index) => {
      const parsed = parsePromql(each.expr.text);
      if (each.kind !== 'record' || !parsed.ok) return [];
      const rule = mutableRule(each, parsed.expr);
      return mutantsOf(rule)
        .filter(({ operator }) => OPERATORS.has(operator))
        .map((mutant) => ({ rule, mutant, at, index }));
    }),
  );
  // The tests of all inputs tell nearly every mutant; those that leave one out are asked about the rest.
  let left = cases;
  for (const telling of [true, false]) {
    const jobs = left.flatMap(({ rule, mutant, at, index }) =>
      tests.map((test) => ({
        rules: { 'rules.json': { groups: changedGroups(groups, at, index, mutant.change.expr ?? '') } },
        tests: {
          'tests.json': {
            ...test,
            rule_files: ['rules.json'],
            tests: test.tests.filter(
              ({ name, promql_expr_test: looks }: { name: string; promql_expr_test: { expr: string }[] }) =>
                /: (everything there|nothing counted|hardly anything counted)$/.test(name) === telling &&
                looks.some(({ expr }) => expr === rule.alert),
            ),
          },
        },
      })),
    );
    const complaints = await runPromtool(jobs, { promtool, signal });
    left = left.filter((_, index) => {
      const said = complaints.slice(index * tests.length, (index + 1) * tests.length);
      return said.every(({ others, faults }) => others.length + faults.length === 0);
    });
  }
  const survivors = left.map(({ rule, mutant }) => ({ rule: rule.alert, what: mutant.what }));
  return { killed: cases.length - survivors.length, survivors };
}

/** The recording rules of some groups, one of them with another expression. */
function changedGroups(groups: readonly PlainGroup[], at: number, index: number, expr: string): PlainGroup[] {
  return groups.map((group, g) => ({
    ...group,
    rules: group.rules
      .map((rule, r) => (g === at && r === index ? { ...rule, expr } : rule))
      .filter(({ alert }) => alert === undefined),
  }));
}
