import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { deriveRouteTests } from '../../../monitoring/alertmanager/route-tests.ts';
import { deriveAlertmanagerConfig, deriveAlertmanagerText } from '../../../monitoring/alertmanager-config.ts';
import { deriveAlerts } from '../../../monitoring/alerts/groups.ts';
import { judgeRouting } from '../../../monitoring/audit/mutants/alertmanager/judge.ts';
import { readRouteCases } from '../../../monitoring/audit/mutants/alertmanager/read-cases.ts';
import { readRouting } from '../../../monitoring/audit/mutants/alertmanager/read-config.ts';
import { openCatalogue } from '../../../scripts/catalogue-files.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { catalogueOf, SHOP } from '../support.ts';

const catalogue = openCatalogue('thresholds/catalogue', { env: {}, environment: null });
const text = deriveRouteTests(catalogue);

function judge(config: string) {
  const routing = readRouting({ path: 'alertmanager.yml', text: config });
  const tests = readRouteCases({ path: 'route-tests.yml', text });
  if (Array.isArray(routing)) throw new Error(JSON.stringify(routing));
  return judgeRouting(routing, { tests: tests.filter((each) => 'holds' in each), file: 'route-tests.yml' });
}

test('the cases hold for the routes, and notice at least 95 % of the faults put into them', () => {
  const { report, faults } = judge(deriveAlertmanagerText(catalogue));
  expect(faults).toEqual([]);
  expect(report.tests).toBeGreaterThan(deriveAlerts(catalogue).length);
  const { total = 0, equivalent = 0, killed = 0, survived } = report.mutants ?? {};
  expect(total).toBeGreaterThan(100);
  expect(killed / (total - equivalent), JSON.stringify(survived)).toBeGreaterThanOrEqual(0.95);
});

test('each alert of each system has a case', () => {
  for (const { name, system, severity } of deriveAlerts(catalogue)) {
    expect(text).toMatch(new RegExp(`labels: \\{alertname: ${name}, severity: ${severity}, system: ${system}[,}]`));
  }
});

test('the cases come from the catalogue: routes that lost a receiver do not take them along', () => {
  const config = deriveAlertmanagerConfig(catalogue);
  const route = config?.route.routes?.find(({ matchers }) => matchers?.includes(`${LABEL.system}="mcp-tools"`));
  if (route?.routes !== undefined) route.routes = route.routes.filter(({ receiver }) => receiver !== 'discord');
  expect(
    judge(stringify(config))
      .faults.map(({ reason }) => reason)
      .join('\n'),
  ).toMatch(/mcp-tools HighErrorRate/);
});

test('where nobody is named nobody is expected, and the file is still one', () => {
  const shop = catalogueOf(SHOP);
  const systems = shop.systems.map((system) => ({ ...system, routing: { ...system.routing, receivers: [] } }));
  const silent = deriveRouteTests({ ...shop, systems });
  const tests = readRouteCases({ path: 'route-tests.yml', text: silent });
  expect(tests.filter((each) => !('holds' in each))).toEqual([]);
  expect(silent).toContain('routes: []');
});
