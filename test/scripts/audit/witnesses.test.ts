import { beforeAll, describe, expect, it } from 'vitest';
import type { AlertRule, WitnessResult } from '../../../monitoring/audit/witness/types.ts';
import { findWitnesses } from '../../../scripts/audit/witnesses.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { SHAPES, type Shape } from '../../monitoring/audit/shapes.ts';
import { alertRule, promtool } from './alert-rule.ts';

/** Every so-manieth shape: all of them are run in the long tier. */
const STRIDE = 6;

/** Nothing silences these: numbers or the clock alone decide. */
const CLOCK_ALONE = /^(vector\(1\)|hour\(\) > 8|day_of_week\(\) == 1 and hour\(\) == 9)$/;

describe('witnesses, confirmed by promtool', () => {
  const shapes: readonly Shape[] = Object.values(SHAPES)
    .flat()
    .filter((_, index) => index % STRIDE === 0);
  let results: Map<AlertRule, WitnessResult>;

  beforeAll(async () => {
    results = await findWitnesses({ rules: shapes.map(alertRule), recordingRules: [], promtool: await promtool() });
  }, 120_000);

  it('are found for each shape', () => {
    const missing = [...results].filter(([, { outcome }]) => outcome !== 'found');
    expect(missing.map(([{ expr }, result]) => `${expr}: ${JSON.stringify(result)}`)).toEqual([]);
  });

  it('have a near miss, unless nothing can silence the rule', () => {
    const without = [...results].filter(([, result]) => result.outcome === 'found' && result.witness.near === null);
    expect(without.map(([{ expr }]) => expr).filter((expr) => !CLOCK_ALONE.test(expr))).toEqual([]);
  });

  it('say when the alert fires, after its own `for`, and with which labels', () => {
    for (const [rule, result] of results) {
      if (result.outcome !== 'found') continue;
      const { witness } = result;
      expect(witness.fireAtMs - witness.activeAtMs, rule.expr).toBeGreaterThanOrEqual(rule.forMs);
      expect(witness.firingLabels.length, rule.expr).toBeGreaterThan(0);
      expect(witness.firingLabels[0]?.alertname, rule.expr).toBe(rule.alert);
    }
  });
});

describe('an alert without a witness', () => {
  async function outcome(expr: string): Promise<WitnessResult | undefined> {
    const rule = alertRule({ expr }, 0);
    return (await findWitnesses({ rules: [rule], recordingRules: [], promtool: await promtool() })).get(rule);
  }

  it('is shown to be impossible', async () => {
    expect(await outcome('count(up == 0) == 0')).toMatchObject({ outcome: 'impossible', at: { from: 0, to: 19 } });
    expect(await outcome('a{x="1"} / a{x="2"} > 1')).toMatchObject({ outcome: 'impossible' });
  });

  it('uses what this promtool does not have', async () => {
    const { version } = await resolveTool('promtool');
    if (Number.parseInt(version, 10) >= 3) return;
    expect(await outcome('limitk(1, x) > 5')).toMatchObject({
      outcome: 'unsupported',
      construct: expect.stringContaining('limitk'),
    });
  });

  it('is told apart when nothing can silence it', async () => {
    expect(await outcome('vector(1)')).toMatchObject({ outcome: 'found', witness: { alwaysFires: true, near: null } });
  });

  it('has series that are as many as it counts', async () => {
    const found = await outcome('count(x) > 20');
    expect(found).toMatchObject({ outcome: 'found' });
    if (found?.outcome !== 'found') return;
    expect(found.witness.series).toHaveLength(21);
    expect(found.witness.near?.series).toHaveLength(20);
  });
});

describe('a search that is ended', () => {
  it('rejects and leaves no promtool behind', async () => {
    const controller = new AbortController();
    const search = findWitnesses({
      rules: Object.values(SHAPES).flat().map(alertRule),
      recordingRules: [],
      promtool: await promtool(),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('enough')), 200);
    await expect(search).rejects.toThrow('enough');
  });
});
