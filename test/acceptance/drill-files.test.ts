import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, run, temporaryFolder } from './support.ts';

const RULES = `groups:
  - name: shop
    interval: 1s
    rules:
      - alert: ShopSlow
        expr: shop_seconds > 5
        for: 2s
        labels: {severity: critical}
      - alert: ShopNever
        expr: shop_seconds > 5 and shop_seconds < 3
`;
const ROUTES = `route: {receiver: pager, group_wait: 1s, group_interval: 1s}
receivers: [{name: pager, webhook_configs: [{url: 'http://127.0.0.1/'}]}]
`;

test('own rule files in real time: how long it takes first, then a verdict with places', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'rules.yml'), RULES);
  writeFileSync(join(folder, 'alertmanager.yml'), ROUTES);
  const files = ['--rules', 'rules.yml', '--alertmanager', 'alertmanager.yml'];
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
  const { code, stdout, out, verdict } = await run(['drill', ...files, '--real-time'], { cwd: folder, env });
  expect(stdout).toMatch(/takes +\d+ s, all alerts at once/);
  expect(stdout.indexOf('plan of the drill')).toBeLessThan(stdout.indexOf('delivered'));
  expect(verdict?.alerts).toMatchObject([
    { alert: 'ShopSlow', outcome: 'pass', compression: 1, deliveredTo: ['pager'] },
    { alert: 'ShopNever', outcome: 'fail', place: 'rules.yml:9' },
  ]);
  expect(stdout).toContain('::error file=rules.yml,line=9,title=fail%3A shop ShopNever');
  expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('file="rules.yml" line="9"');
  expect(readFileSync(join(out, 'metrics.prom'), 'utf8')).toContain(
    'firedrill_drill_last_passed_timestamp_seconds{system="shop",alertname="ShopSlow"',
  );
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('href="drill.html"');
  expect(code).toBe(1);
}, 120_000);

test('files and a running pair exclude each other', async () => {
  const pair = ['--prometheus', 'http://127.0.0.1:9', '--alertmanager-url', 'http://127.0.0.1:9'];
  const { code, stderr } = await cli(['drill', ...pair, '--real-time', '--out', temporaryFolder()]);
  expect(stderr).toContain('a running Prometheus has rules, routes and a clock of its own');
  expect(code).toBe(2);
});
