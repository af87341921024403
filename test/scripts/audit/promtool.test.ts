import { expect, test } from 'vitest';
import { type PromtoolJob, runPromtool } from '../../../scripts/audit/promtool.ts';
import { promtool } from './alert-rule.ts';

/** Each of the tests of a job says that nothing fires, and is wrong. */
function job(count: number, evaluations: number): PromtoolJob {
  const rules = { groups: [{ name: 'g', rules: [{ alert: 'Always', expr: 'vector(1)' }] }] };
  const tests = Array.from({ length: count }, (_, index) => [
    `t${index}.yml`,
    {
      rule_files: ['rules.yml'],
      evaluation_interval: '1s',
      tests: [
        { name: `n${index}`, alert_rule_test: [{ eval_time: `${evaluations}s`, alertname: 'Always', exp_alerts: [] }] },
      ],
    },
  ]);
  return { rules: { 'rules.yml': rules }, tests: Object.fromEntries(tests) };
}

test('tests that do not end in time together are run apart, so that none passes for want of time', async () => {
  const { path } = await promtool();
  const startedAt = performance.now();
  await runPromtool([job(1, 4_000)], { promtool: path });
  const aloneMs = performance.now() - startedAt;
  const [said] = await runPromtool([job(6, 4_000)], { promtool: path, timeoutMs: Math.ceil(aloneMs * 2.2) });
  expect(said?.mismatches.map(({ test: name }) => name)).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
});

test('a test that does not end at all is no pass', async () => {
  const { path } = await promtool();
  await expect(runPromtool([job(1, 2_000_000)], { promtool: path, timeoutMs: 50 })).rejects.toThrow(
    /did not get through/,
  );
});
