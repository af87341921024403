import { expect, test } from 'vitest';
import { dashboardText } from '../../../monitoring/dashboards/dashboard.ts';
import type { PanelSpec, VisualisationName } from '../../../monitoring/dashboards/spec.ts';
import { systemDashboard } from '../../../monitoring/dashboards/systems/system-dashboard.ts';
import { VISUALISATIONS } from '../../../monitoring/dashboards/visualisations/index.ts';
import { catalogueOf, SHOP } from '../support.ts';

const [shop] = catalogueOf(SHOP).systems;
if (shop === undefined) throw new Error('no system');

function panel(visualisation: VisualisationName, over: Partial<PanelSpec> = {}): PanelSpec {
  return {
    title: visualisation,
    visualisation,
    description: `A ${visualisation}.`,
    unit: 's',
    queries: [{ expr: 'up{system="$system"}', legend: '{{service}}' }],
    shows: { service: 'api', kind: 'down' },
    ...over,
  };
}

test('a dashboard with every way of drawing is what it was', async () => {
  const spec = systemDashboard(shop, {
    title: 'Every way of drawing',
    file: 'every.json',
    description: 'One panel of each.',
    subject: 'up',
    windows: ['1h', '1d'],
    panels: () => (Object.keys(VISUALISATIONS) as VisualisationName[]).map((name) => panel(name)),
  });
  await expect(dashboardText(spec, 'https://example.com/runbook.md')).toMatchFileSnapshot(
    'fixtures/every-drawing.json',
  );
});

test.each([
  {
    name: 'above: green, then orange, then red',
    limits: { breach: 'above', warning: 0.02, critical: 0.05 } as const,
    steps: [
      { value: null, color: 'green' },
      { value: 0.02, color: 'orange' },
      { value: 0.05, color: 'red' },
    ],
  },
  {
    name: 'below: red, then orange, then green',
    limits: { breach: 'below', warning: 0.99, critical: 0.95 } as const,
    steps: [
      { value: null, color: 'red' },
      { value: 0.95, color: 'orange' },
      { value: 0.99, color: 'green' },
    ],
  },
  {
    name: 'below with one limit: red, then green',
    limits: { breach: 'below', critical: 95 } as const,
    steps: [
      { value: null, color: 'red' },
      { value: 95, color: 'green' },
    ],
  },
])('limits $name', ({ limits, steps }) => {
  const spec = systemDashboard(shop, {
    title: 'Limits',
    file: 'limits.json',
    description: '',
    subject: 'up',
    panels: () => [panel('line', { limits })],
  });
  const { panels } = JSON.parse(dashboardText(spec, 'runbook.md'));
  expect(panels[0].fieldConfig.defaults.thresholds.steps).toEqual(steps);
});
