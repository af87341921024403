import { expect, test } from 'vitest';
import { interpolate } from '../../../monitoring/dashboards/interpolate.ts';
import { TIMES } from '../../../scripts/dashboards/look.ts';
import type { DashboardVariable } from '../../../scripts/dashboards/panel-query.ts';
import { resolveVariables } from '../../../scripts/dashboards/variables.ts';

const SYSTEM: DashboardVariable = { name: 'system', type: 'constant', query: 'shop' };
const SERVICE: DashboardVariable = {
  name: 'service',
  type: 'query',
  query: { query: 'label_values(up{system="$system"}, service)' },
  includeAll: true,
  allValue: '.*',
  current: { value: ['$__all'] },
};

async function filled(variables: DashboardVariable[], offered: string[]) {
  const asked: string[] = [];
  const { values, problems } = await resolveVariables(variables, TIMES, async (label, selector) => {
    asked.push(`${label} of ${selector}`);
    return offered;
  });
  const text = interpolate('up{system="$system",service=~"$service"}', { ...TIMES, values });
  return { text, problems, asked };
}

test('everything is what allValue says, and a variable is asked for with those before it filled in', async () => {
  expect(await filled([SYSTEM, SERVICE], ['api'])).toEqual({
    text: 'up{system="shop",service=~".*"}',
    problems: [],
    asked: ['service of up{system="shop"}'],
  });
});

test('without allValue Grafana joins what it knows', async () => {
  const { allValue: _, ...joined } = SERVICE;
  expect((await filled([SYSTEM, joined], ['api', 'web'])).text).toBe('up{system="shop",service=~"(api|web)"}');
});

test.each([
  {
    name: 'that offers nothing',
    variable: SERVICE,
    offered: [],
    problem: /variable service offers nothing: label_values/,
  },
  {
    name: 'that asks for something else than labels',
    variable: { ...SERVICE, query: 'up' },
    offered: ['api'],
    problem: /variable service offers nothing: up/,
  },
])('a variable $name is a problem', async ({ variable, offered, problem }) => {
  expect((await filled([SYSTEM, variable], offered)).problems.join()).toMatch(problem);
});
