import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LivePair, type SilenceMatcher } from '../../../../scripts/drill/attached/api.ts';
import { runAttachedDrill } from '../../../../scripts/drill/attached/drill.ts';
import { LOCK_METRIC, withDrillLock } from '../../../../scripts/drill/attached/lock.ts';
import { planAttached } from '../../../../scripts/drill/attached/plan.ts';
import { renderAttachedPlan } from '../../../../scripts/drill/attached/plan-text.ts';
import type { DrillState } from '../../../../scripts/drill/progress.ts';
import type { SyntheticDrillResult } from '../../../../scripts/drill/synthetic/types.ts';
import { WebhookReceiver } from '../../../../scripts/stack/webhook.ts';
import { expectNothingLeft, ROUTES, startTeamPair, type TeamPair } from './support.ts';

const TIMEOUT = { timeout: 120_000 };

async function drill({ pair, options }: TeamPair, onState: (state: DrillState) => void = () => {}) {
  const plan = await planAttached(pair, options);
  const live = { onProgress: ({ state }: { state: DrillState }) => onState(state), stop: () => {} };
  const result = await runAttachedDrill(pair, plan, options, live);
  return { plan, result };
}

const rowOf = ({ rows }: SyntheticDrillResult, name: string) => rows.find(({ alert }) => alert === name);

describe.concurrent('a drill on a running pair', TIMEOUT, () => {
  it('fires alerts in place, is held by Alertmanager for the right receivers, and reaches nobody', async (context) => {
    const team = await startTeamPair(context);
    const { plan, result } = await drill(team);
    expect(rowOf(result, 'ShopDown')).toMatchObject({ outcome: 'pass', deliveredTo: ['pager'], nearMissSilent: true });
    expect(rowOf(result, 'ShopErrors')).toMatchObject({ outcome: 'pass', deliveredTo: ['slack'] });
    expect(rowOf(result, 'ShopTotal')).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('would mix'),
    });
    expect(rowOf(result, 'QueueLong')?.reason).toContain('would also move the recording rule shop:queue_length:sum');
    expect(result.problems).toEqual([]);
    expect(team.receivers.notifications).toEqual([]);
    await expectNothingLeft(team);
    const text = renderAttachedPlan(plan, team.options);
    expect(text).toContain('nobody: a silence on firedrill_drill, job is created first');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('tells receivers when that is allowed, and its own one by webhook', async (context) => {
    const server = await WebhookReceiver.start();
    const port = Number(new URL(server.url).port);
    await server.close();
    const routes = ROUTES.replace(
      'pager\nreceivers:',
      'pager\n    - matchers: [job=~"firedrill-.+"]\n      receiver: firedrill\nreceivers:',
    ).concat(`  - name: firedrill\n    webhook_configs: [{url: 'http://127.0.0.1:${port}/receiver/firedrill'}]\n`);
    const change = { allowNotify: true, webhook: { host: '127.0.0.1', port, receiver: 'firedrill' } };
    const team = await startTeamPair(context, { routes, change: { ...change, alerts: ['ShopDown', 'ShopErrors'] } });
    const { plan, result } = await drill(team);
    expect(plan.silenced).toBe(false);
    expect(rowOf(result, 'ShopErrors')).toMatchObject({ outcome: 'pass', deliveredTo: ['firedrill'], reason: '' });
    expect(rowOf(result, 'ShopDown')).toMatchObject({ outcome: 'pass', deliveredTo: ['pager'] });
    expect([...new Set(team.receivers.notifications.map(({ receiver }) => receiver))]).toEqual(['pager']);
  });

  it('ends series, alerts and silence when it is interrupted while an alert fires', async (context) => {
    const stop = new AbortController();
    const team = await startTeamPair(context, { change: { alerts: ['ShopDown'], signal: stop.signal } });
    const running = drill(team, (state) => {
      if (state === 'delivered') stop.abort(new Error('interrupted'));
    });
    await expect(running).rejects.toThrow('interrupted');
    await expectNothingLeft(team);
    await delay(3_000);
    expect(team.receivers.notifications).toEqual([]);
  });

  it('ends at once when its silence does not hold', async (context) => {
    class LamePair extends LivePair {
      override silence(matcher: SilenceMatcher, lastsMs: number, comment: string): Promise<string> {
        return super.silence({ ...matcher, value: 'nothing' }, lastsMs, comment);
      }
    }
    const team = await startTeamPair(context, { change: { alerts: ['ShopDown'] } });
    const lame = { ...team, pair: new LamePair(team.prometheus.url, team.options.alertmanagerUrl) };
    const { result } = await drill(lame);
    expect(result.problems[0]?.reason).toContain('not silenced: the drill was ended');
    expect(rowOf(result, 'ShopDown')?.outcome).toBe('broken');
    await expectNothingLeft(team);
  });

  it('tells a rule that is broken from one that works', async (context) => {
    const rules = `
groups:
  - name: shop
    interval: 1s
    rules:
      - {alert: Slow, expr: shop_seconds > 2, for: 1s, labels: {severity: warning}}
`;
    const team = await startTeamPair(context, { rules });
    const plan = await planAttached(team.pair, team.options);
    await team.prometheus.writeConfig(
      `rule_files: [rules.yml]\nalerting: {alertmanagers: [{static_configs: [{targets: ['${new URL(team.options.alertmanagerUrl).host}']}]}]}`,
      { 'rules.yml': rules.replace('shop_seconds', 'shop_minutes') },
    );
    await team.prometheus.reload();
    const result = await runAttachedDrill(team.pair, plan, team.options, { onProgress: () => {}, stop: () => {} });
    expect(rowOf(result, 'Slow')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('missed: it never fired'),
    });
  });
});

describe.concurrent('before a drill on a running pair', TIMEOUT, () => {
  it('refuses what an inhibition rule would make it silence, and what takes too long', async (context) => {
    const inhibit = `inhibit_rules: [{source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [instance]}]\n`;
    const team = await startTeamPair(context, { routes: `${ROUTES}${inhibit}`, change: { maxDurationMs: 1_000 } });
    const { refused, cases } = await planAttached(team.pair, team.options);
    const reasonOf = (name: string) => refused.find(({ rule }) => rule.name === name)?.reason;
    expect(cases).toEqual([]);
    expect(reasonOf('ShopDown')).toMatch(/would silence real alerts: the inhibition rule at line \d+/);
    expect(reasonOf('ShopErrors')).toMatch(/takes .* in real time, more than --max-duration 1 s/);
  });

  it('finds another drill by its lock and, from another machine, by its marker', async (context) => {
    const team = await startTeamPair(context);
    const { pair, options } = team;
    await withDrillLock(pair, options, async () => {
      await expect(withDrillLock(pair, options, async () => {})).rejects.toThrow('could not get the lock');
    });
    const now = Date.now();
    const { writeSeries } = await import('../../../../scripts/drill/synthetic/write.ts');
    const labels = { __name__: LOCK_METRIC, firedrill_drill: 'firedrill-other' };
    await writeSeries(pair.prometheusUrl, [{ labels, samples: [[now, 1]] }], options.signal);
    await expect(withDrillLock(pair, options, async () => {})).rejects.toThrow(/another drill works on/);
  });

  it('names an alert that is not there', async (context) => {
    const team = await startTeamPair(context, { change: { alerts: ['ShopDwon'] } });
    await expect(planAttached(team.pair, team.options)).rejects.toThrow('there is no alert "ShopDwon"');
  });
});
