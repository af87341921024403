import { stringify } from 'yaml';
import type { RuleFile } from '../../../monitoring/rules.ts';
import { runTool } from '../support.ts';

/** Series, one sample a step from 0, and the steps at which the alert fires for a service (1) or does not (0). */
export interface Behaviour {
  system: string;
  alert: string;
  /** Prometheus duration of a step; one minute without it. */
  step?: string;
  series: Record<string, string>;
  /** Matchers of the alert's own labels, such as `service="api"`. */
  of?: string;
  fires: Record<number, 0 | 1>;
}

const MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Has promtool evaluate the rule group of the alert at true durations; empty when all is as expected, else what it says. */
export async function contradictions(rules: RuleFile, behaviour: Behaviour): Promise<string> {
  const { system, alert, step = '1m', series, of = '', fires } = behaviour;
  const groups = rules.groups.filter((group) => {
    return group.rules.some((rule) => rule.alert === alert && rule.labels?.system === system);
  });
  if (groups.length !== 1) return `${groups.length} groups with ${alert} of ${system}`;
  const stepMs = Number.parseInt(step, 10) * (MS[step.at(-1) ?? ''] ?? Number.NaN);
  const own = [`alertname="${alert}"`, 'alertstate="firing"', `system="${system}"`, ...(of === '' ? [] : [of])];
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: step,
    tests: [
      {
        interval: step,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(fires).map(([at, firing]) => ({
          expr: `count(ALERTS{${own.join(',')}}) or vector(0)`,
          eval_time: `${(Number(at) * stepMs) / 1_000}s`,
          exp_samples: [{ labels: '{}', value: firing }],
        })),
      },
    ],
  };
  const result = await runTool('promtool', ['test', 'rules', 'test.yml'], {
    'rules.yml': stringify({ groups }),
    'test.yml': stringify(test),
  });
  return result.ok && !result.output.includes('FAILED') ? '' : result.output;
}
