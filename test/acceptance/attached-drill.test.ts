import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { expectNothingLeft, startTeamPair, type TeamPair } from '../scripts/drill/attached/support.ts';
import { cli, readVerdict, run, startCli, temporaryFolder } from './support.ts';

const addresses = ({ options }: TeamPair) => [
  ...['--prometheus', options.prometheusUrl],
  ...['--alertmanager-url', options.alertmanagerUrl],
];

describe('firedrill drill on a running pair', { timeout: 120_000 }, () => {
  test('shows its plan, drills, and leaves a whole run folder', async (context) => {
    const team = await startTeamPair(context);
    const { code, stdout, out, verdict } = await run(['drill', ...addresses(team), '--alert', 'ShopDown', '--yes']);
    expect(stdout).toContain('nobody: a silence on firedrill_drill is created first');
    expect(stdout).toMatch(/ShopDown +[\d.]+ +[\d.]+ +[\d.]+ +-?[\d.]+ - [\d.]+ +[\d.]+ +1x/);
    expect(verdict).toMatchObject({
      command: 'drill',
      outcome: 'pass',
      alerts: [{ alert: 'ShopDown', outcome: 'pass' }],
    });
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'drill.html'), 'utf8')).toContain('firing told to pager');
    expect(team.receivers.notifications).toEqual([]);
    await expectNothingLeft(team);
  });

  test('Ctrl-C while an alert fires ends series, alerts and silence', async (context) => {
    const team = await startTeamPair(context);
    const out = join(temporaryFolder(), 'out');
    const running = startCli(['drill', ...addresses(team), '--alert', 'ShopDown', '--yes', '--out', out]);
    const deadline = Date.now() + 60_000;
    while ((await team.pair.query('ALERTS{alertstate="firing"}')).length === 0) {
      expect(Date.now()).toBeLessThan(deadline);
      await delay(100);
    }
    process.kill(-running.pid, 'SIGINT');
    expect((await running.exited).code).toBe(130);
    expect(readVerdict(out)?.outcome).not.toBe('pass');
    expect(team.receivers.notifications).toEqual([]);
    await expectNothingLeft(team);
  });

  test('without consent nothing is written', async (context) => {
    const team = await startTeamPair(context);
    const { code, stderr } = await cli(['drill', ...addresses(team), '--out', temporaryFolder()]);
    expect(code).toBe(2);
    expect(stderr).toContain('nothing was done');
    expect(await team.pair.query('{__name__=~".+",firedrill_drill!=""}')).toEqual([]);
    await expectNothingLeft(team);
  });
});

test.each([
  [['--prometheus', 'http://127.0.0.1:9'], 'needs both of its addresses'],
  [['--prometheus', 'localhost', '--alertmanager-url', 'http://127.0.0.1:9'], '--prometheus localhost is no address'],
  [
    ['--prometheus', 'http://127.0.0.1:9', '--alertmanager-url', 'http://127.0.0.1:9', '--webhook-listen', 'x'],
    '--webhook-listen x is no address',
  ],
])('a wrong command line ends with 2: %s', async (args, message) => {
  const { code, stderr } = await cli(['drill', ...args, '--yes', '--out', temporaryFolder()]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('a pair that does not answer is broken', async () => {
  const urls = ['--prometheus', 'http://127.0.0.1:9', '--alertmanager-url', 'http://127.0.0.1:9'];
  const { code, stderr } = await cli(['drill', ...urls, '--yes', '--out', temporaryFolder()]);
  expect(stderr).toContain('127.0.0.1:9 did not answer as asked');
  expect(code).toBe(3);
});
