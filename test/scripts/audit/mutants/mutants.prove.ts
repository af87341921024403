import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { findAll } from '../../../../monitoring/audit/findings/find.ts';
import { changedRule, plainGroup } from '../../../../monitoring/audit/mutants/plain.ts';
import { parseRuleFile } from '../../../../monitoring/audit/rule-file/parse.ts';
import { renderTestFiles } from '../../../../monitoring/audit/tests/render.ts';
import { mutantsStep } from '../../../../scripts/audit/mutants-step.ts';
import { witnessStep } from '../../../../scripts/audit/witness-step.ts';
import { runCommand } from '../../../../scripts/process/run-command.ts';
import { promtool } from '../alert-rule.ts';
import { CORPORA } from '../corpora.ts';
import { auditFolder } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOVUK = join(CORPORA, 'govuk');
const OWN_RULES = fileURLToPath(
  new URL('../../../../monitoring/generated/prometheus/alert_rules.yml', import.meta.url),
);

/** Whether promtool passes a test file in a folder. */
async function passes(cwd: string, name: string): Promise<boolean> {
  const { path } = await promtool();
  return (await runCommand(path, ['test', 'rules', name], { cwd, timeoutMs: 60_000 })).ok;
}

test.skipIf(!existsSync(GOVUK))(
  'hand-written tests of another team: their score, and a mutant that they really miss',
  { timeout: 400_000 },
  async () => {
    const { report } = await auditFolder([GOVUK], {});
    expect(report.totals.mutants?.total).toBeGreaterThan(700);
    expect(report.totals.testedScore).toBeGreaterThan(0.4);
    expect(report.totals.testedScore).toBeLessThan(0.75);
    expect(report.testFaults.map(({ id, alert }) => `${id} ${alert}`)).toContain(
      'unknown-alert SidekiqDefaultQueueAge',
    );

    const row = report.rules.find(({ alert }) => alert === 'High5xxRate_DataGovUk');
    const survivor = row?.mutants?.survived.find(({ what }) => what === 'without for: 20m');
    expect(survivor).toMatchObject({ operator: 'for', reason: 'survived' });
    const text = readFileSync(join(GOVUK, 'fastly.yaml'), 'utf8');
    const mutated = text.replace(/(alert: High5xxRate_DataGovUk[\s\S]*?)\n *for: 20m/, '$1');
    expect(mutated).not.toBe(text);
    writeFileSync(join(folder, 'fastly.yaml'), mutated);
    writeFileSync(join(folder, 'fastly_tests.yaml'), readFileSync(join(GOVUK, 'fastly_tests.yaml')));
    expect(await passes(folder, 'fastly_tests.yaml')).toBe(true);
    writeFileSync(
      join(folder, 'killer.yaml'),
      `rule_files: [fastly.yaml]\nevaluation_interval: 1m\ntests:\n${survivor?.killer ?? ''}`,
    );
    expect(await passes(folder, 'killer.yaml')).toBe(false);
    writeFileSync(join(folder, 'fastly.yaml'), text);
    expect(await passes(folder, 'killer.yaml')).toBe(true);
  },
);

test.skipIf(!existsSync(GOVUK))(
  'tests that are made pass promtool, and fail for each mutant that they are said to notice',
  { timeout: 400_000 },
  async () => {
    const { path, version } = await promtool();
    const signal = new AbortController().signal;
    const files = ['redis.yaml', 'router.yaml'].map(
      (name) => parseRuleFile({ path: name, text: readFileSync(join(GOVUK, name), 'utf8') }).file,
    );
    const found = findAll(files, { scrapeIntervalMs: 15_000 });
    const witnesses = await witnessStep(found, { promtool: { path, version }, signal, onProgress: () => {} });
    const { made } = await mutantsStep(found, witnesses, {
      promtool: path,
      signal,
      files,
      tests: null,
      keep: true,
      onProgress: () => {},
    });
    let killed = 0;
    for (const [index, { entry, rule, witness, tests, mutants, fates }] of made.entries()) {
      const cwd = join(folder, String(index));
      mkdirSync(cwd);
      const file = files.find((each) => each.path === entry.file);
      const groups = file?.groups ?? [];
      const alert = { alert: rule.alert, intervalMs: witness.intervalMs, evaluationMs: witness.evaluationMs, tests };
      const [rendered] = renderTestFiles([alert], {
        ruleFiles: ['rules.yml'],
        baseName: 'x',
        groups: groups.map(({ name }) => name),
      });
      writeFileSync(join(cwd, 'test.yml'), rendered?.text ?? '');
      const verdict = (change: Parameters<typeof changedRule>[1]) => {
        const plain = groups.map((group) => ({
          ...plainGroup(group),
          rules: plainGroup(group).rules.map((each, at) =>
            group === entry.group && group.rules[at] === entry.rule
              ? changedRule(each, change, change.alert ?? rule.alert)
              : each,
          ),
        }));
        writeFileSync(join(cwd, 'rules.yml'), stringify({ groups: plain }));
        return passes(cwd, 'test.yml');
      };
      expect(await verdict({}), rule.alert).toBe(true);
      for (const mutant of mutants) {
        if (fates.get(mutant)?.outcome !== 'killed') continue;
        expect(await verdict(mutant.change), `${rule.alert}: ${mutant.what}`).toBe(false);
        killed += 1;
      }
    }
    expect(killed).toBeGreaterThan(70);
  },
);

test('tests made for the rules of the built-in catalogue notice at least 95 % of the mutants', {
  timeout: 600_000,
}, async () => {
  const { report } = await auditFolder([OWN_RULES], {});
  const missed = report.rules.flatMap(
    ({ alert, mutants }) => mutants?.survived.map(({ what }) => `${alert}: ${what}`) ?? [],
  );
  expect(report.totals.score, missed.join('\n')).toBeGreaterThanOrEqual(0.95);
});
