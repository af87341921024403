import { stringify } from 'yaml';
import { findAll } from '../../monitoring/audit/findings/find.ts';
import { plainRule } from '../../monitoring/audit/mutants/plain.ts';
import { parseRuleFile } from '../../monitoring/audit/rule-file/parse.ts';
import { promtoolTest } from '../../monitoring/audit/tests/render.ts';
import { twinTests } from '../../monitoring/rule-tests/twins.ts';
import type { RuleGroup } from '../../monitoring/rules.ts';
import type { TestedAlert } from '../audit/mutants/settle.ts';
import { mutantsStep } from '../audit/mutants-step.ts';
import { runPromtool } from '../audit/promtool.ts';
import { witnessStep } from '../audit/witness-step.ts';
import type { ResolvedTool } from '../tools/tool.ts';
import { withEdges } from './edge-tests.ts';

/** Tests as promtool's files hold them, by the evaluation interval that they need. */
export type TestsByInterval = Map<number, unknown[]>;

export interface MakeOptions {
  promtool: ResolvedTool;
  signal: AbortSignal;
}

/** What was made for a group, and what it has no tests for. */
export interface MadeTests {
  tests: TestsByInterval;
  /** Alerts without a test, and tests that should hold and do not, in words. */
  troubles: string[];
}

/** How often targets are scraped; the audit's findings, which are not used here, depend on it. */
const SCRAPE_INTERVAL_MS = 15_000;

/**
 * Tests for the alerts of a group, by the audit's generator. What recording rules record comes as input: a month of a burn rate is then a few samples,
 * and the recording rules have tests of their own.
 */
export async function makeAlertTests(group: RuleGroup, { promtool, signal }: MakeOptions): Promise<MadeTests> {
  const alerts = group.rules.filter(({ alert }) => alert !== undefined);
  if (alerts.length === 0) return { tests: new Map(), troubles: [] };
  const text = stringify({ groups: [{ ...group, rules: alerts }] }, { lineWidth: 0, aliasDuplicateObjects: false });
  const { file } = parseRuleFile({ path: `${group.name}.yml`, text });
  const found = findAll([file], { scrapeIntervalMs: SCRAPE_INTERVAL_MS });
  const onProgress = () => {};
  const witnesses = await witnessStep(found, { promtool, signal, onProgress });
  const { made } = await mutantsStep(found, witnesses, {
    promtool: promtool.path,
    signal,
    files: [file],
    tests: null,
    keep: true,
    onProgress,
  });
  const untested = found.filter(({ rule }) => !made.some((each) => each.entry.rule === rule && each.tests.length > 0));
  const troubles = untested.map(({ rule }) => `${rule.name}: no test could be made for it`);
  const options = { promtool: promtool.path, signal };
  const whole = await Promise.all(
    made.map(async (each) => withTwins({ ...each, tests: await withEdges(each, options) }, options)),
  );
  const tests: TestsByInterval = new Map();
  for (const { alert, chosen, refused } of whole) {
    const { intervalMs, evaluationMs } = alert.witness;
    const clock = { alert: alert.rule.alert, intervalMs, evaluationMs };
    tests.set(evaluationMs, [...(tests.get(evaluationMs) ?? []), ...chosen.map((each) => promtoolTest(clock, each))]);
    troubles.push(...refused.map((title) => `${alert.rule.alert}: it does not hold that: ${title}`));
  }
  return { tests, troubles };
}

async function withTwins(alert: TestedAlert, options: { promtool: string; signal: AbortSignal }) {
  const { entry, witness, rule, tests } = alert;
  const { intervalMs, evaluationMs } = witness;
  const twins = twinTests(witness, tests);
  const jobs = twins.map((twin) => ({
    rules: { 'rules.json': { groups: [{ name: 'alone', rules: [plainRule(entry.rule)] }] } },
    tests: {
      'tests.json': {
        rule_files: ['rules.json'],
        evaluation_interval: `${evaluationMs}ms`,
        tests: [promtoolTest({ alert: rule.alert, intervalMs, evaluationMs }, twin)],
      },
    },
  }));
  const complaints = await runPromtool(jobs, options);
  const holds = (at: number) => {
    const { mismatches = [], faults = [], others = [] } = complaints[at] ?? {};
    return mismatches.length + faults.length + others.length === 0;
  };
  const refused = twins.filter((_, at) => !holds(at)).map(({ trial }) => trial.title);
  return { alert, chosen: [...tests, ...twins.filter((_, at) => holds(at))], refused };
}
