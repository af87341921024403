import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { receiversOfAlert } from '../../monitoring/alertmanager/expected.ts';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import { derivePrometheusConfig } from '../../monitoring/prometheus-config.ts';
import { renderSecrets } from '../../monitoring/receivers.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import { drillAlertmanager } from '../../monitoring/scale-alertmanager.ts';
import { deriveTargets, deriveTargetsText } from '../../monitoring/targets.ts';
import type { Severity } from '../../thresholds/model.ts';
import { catalogueOf, runTool, SHOP } from './support.ts';

const ENCRYPTED = SHOP.replace('system: shop', 'system: bank')
  .replaceAll(/^receivers:\n(?: {2}.*\n)+/gm, '')
  .replace(
    "address: 'fleet:'",
    "address: 'https://bank.example.com/base'\n    tls: {insecure: true}\n    scrape: {path: '/metrics?all=1', interval: 5s}",
  );
const catalogue = catalogueOf(SHOP, ENCRYPTED);

test('promtool accepts the configuration with its rules and targets', async () => {
  const result = await runTool('promtool', ['check', 'config', 'prometheus.yml'], {
    'prometheus.yml': derivePrometheusConfig(catalogue, { prober: '127.0.0.1:9', fleetCaFile: null }),
    'alert_rules.yml': deriveRulesText(catalogue),
    'targets.yml': deriveTargetsText(catalogue),
  });
  expect(result.ok, result.output).toBe(true);
});

test('targets carry the identity labels, their own path, scheme and interval', () => {
  expect(deriveTargets(catalogue)).toEqual([
    {
      targets: ['api:8000'],
      labels: {
        job: 'shop',
        system: 'shop',
        service: 'api',
        environment: 'sim',
        __scheme__: 'http',
        __metrics_path__: '/metrics',
        __firedrill_tls: 'default',
      },
    },
    {
      targets: ['bank.example.com:443'],
      labels: {
        job: 'bank',
        system: 'bank',
        service: 'api',
        environment: 'sim',
        __scheme__: 'https',
        __metrics_path__: '/base/metrics',
        __param_all: '1',
        __scrape_interval__: '5s',
        __scrape_timeout__: '5s',
        __firedrill_tls: 'insecure',
      },
    },
  ]);
});

test('real addresses take the place of the ones in the catalogue', () => {
  const addresses = new Map([['shop/api', 'http://127.0.0.1:4321']]);
  expect(deriveTargets(catalogue, { addresses, ownIntervals: false })[0]?.targets).toEqual(['127.0.0.1:4321']);
});

test('amtool accepts the routes, as they are and mapped to one webhook', async () => {
  const text = deriveAlertmanagerText(catalogue);
  const drill = drillAlertmanager(text, { factor: 60, urlFor: (name) => `http://127.0.0.1:9/receiver/${name}` });
  const result = await runTool('amtool', ['check-config', 'a.yml', 'b.yml'], { 'a.yml': text, 'b.yml': drill });
  expect(result.ok, result.output).toBe(true);
});

test.each<[Severity, string[]]>([
  ['critical', ['email', 'pagerduty']],
  ['warning', ['discord', 'slack']],
  ['info', ['hook']],
])('an alert of severity %s reaches its receivers by the real routes', async (severity, receivers) => {
  expect(receiversOfAlert(catalogue, { name: 'X', system: 'shop', severity, labels: {} })).toEqual(receivers);
  const args = [
    'config',
    'routes',
    'test',
    '--config.file=a.yml',
    'system=shop',
    `severity=${severity}`,
    'alertname=X',
  ];
  const result = await runTool('amtool', args, { 'a.yml': deriveAlertmanagerText(catalogue) });
  expect(result.stdout.trim().split(',').sort()).toEqual(receivers);
});

test('a drill changes timings and receivers alone', () => {
  const text = `
route: {receiver: a, group_by: [x], routes: [{receiver: b, matchers: ['s="1"'], continue: true, group_wait: 2m}]}
inhibit_rules: [{source_matchers: ['s="1"'], target_matchers: ['s="2"'], equal: [x]}]
receivers:
  - {name: a, slack_configs: [{channel: c}], webhook_configs: [{url: 'http://x'}]}
  - {name: b, pagerduty_configs: [{send_resolved: false}]}
`;
  expect(parse(drillAlertmanager(text, { factor: 60, urlFor: (name) => `u/${name}` }))).toEqual({
    global: {},
    route: {
      receiver: 'a',
      group_by: ['x'],
      group_wait: '500ms',
      group_interval: '5000ms',
      repeat_interval: '240000ms',
      routes: [{ receiver: 'b', matchers: ['s="1"'], continue: true, group_wait: '2000ms' }],
    },
    inhibit_rules: [{ source_matchers: ['s="1"'], target_matchers: ['s="2"'], equal: ['x'] }],
    receivers: [
      {
        name: 'a',
        webhook_configs: [
          { url: 'u/a', send_resolved: false },
          { url: 'u/a', send_resolved: true },
        ],
      },
      { name: 'b', webhook_configs: [{ url: 'u/b', send_resolved: false }] },
    ],
  });
});

test('no secret stands in the file; placeholders are filled in at deploy time', () => {
  const text = deriveAlertmanagerText(catalogue);
  expect(text).toContain('webhook_url: https://secret.invalid/variable/DISCORD_URL');
  expect(text).toContain('routing_key_file: /run/pager');
  expect(text).toContain('api_url_file: /etc/alertmanager/secrets/SLACK_API_URL');
  const rendered = renderSecrets(text, (secret) => ('variable' in secret ? `https://discord/${secret.variable}` : ''));
  expect(rendered).toContain('webhook_url: "https://discord/DISCORD_URL"');
  expect(rendered).not.toContain('secret.invalid');
});

test('alerts of a catalogue without any receiver are said to go nowhere', async () => {
  const none = { ...catalogue, systems: [] };
  const text = deriveAlertmanagerText(none);
  expect(text).toContain('alerts go nowhere');
  const result = await runTool('amtool', ['check-config', 'a.yml'], { 'a.yml': text });
  expect(result.ok, result.output).toBe(true);
});
