import { describe, expect, it } from 'vitest';
import { findAll } from '../../../monitoring/audit/findings/find.ts';
import { impossibleByValues, provenImpossible } from '../../../monitoring/audit/witness/impossible.ts';
import type { AlertRule, WitnessResult } from '../../../monitoring/audit/witness/types.ts';
import { type Expr, walk } from '../../../monitoring/promql/ast.ts';
import { printPromql } from '../../../monitoring/promql/print.ts';
import { sortFiles } from '../../../scripts/audit/audit.ts';
import { toAlertRule } from '../../../scripts/audit/witness-step.ts';
import { findWitnesses } from '../../../scripts/audit/witnesses.ts';
import { SHAPES } from '../../monitoring/audit/shapes.ts';
import { Random } from '../../monitoring/promql/random.ts';
import { randomVector } from '../../monitoring/promql/random-expression.ts';
import { alertRule, promtool } from './alert-rule.ts';
import { corpusFiles } from './corpora.ts';

/** What an expression is made of. */
function constructs(expr: Expr): Set<string> {
  const found = new Set<string>();
  for (const node of walk(expr)) {
    if (node.kind === 'call') found.add(`${node.func}()`);
    if (node.kind === 'aggregation') found.add(node.op);
    if (node.kind === 'binary') found.add(`${node.op}${node.bool === null ? '' : ' bool'}`);
    if (node.kind === 'binary' && node.matching !== null)
      found.add(node.matching.group === null ? 'on/ignoring' : `group_${node.matching.group}`);
    if (node.kind === 'subquery') found.add('subquery');
    if (node.kind === 'selector' && node.offset !== null) found.add('offset');
    if (node.kind === 'selector') for (const { op } of node.matchers) found.add(`matcher ${op}`);
  }
  return found;
}

function nearKnown(result: WitnessResult): boolean {
  return result.outcome === 'found' && (result.witness.near !== null || result.witness.alwaysFires);
}

/** Construct against the share of alerts with witness and near miss, the weakest first. */
function census(results: ReadonlyMap<AlertRule, WitnessResult>): string {
  const rows = new Map<string, { alerts: number; settled: number }>();
  for (const [rule, result] of results) {
    for (const name of constructs(rule.ast)) {
      const row = rows.get(name) ?? { alerts: 0, settled: 0 };
      row.alerts += 1;
      if (nearKnown(result) || result.outcome === 'impossible') row.settled += 1;
      rows.set(name, row);
    }
  }
  return [...rows]
    .sort(([, a], [, b]) => a.settled / a.alerts - b.settled / b.alerts || b.alerts - a.alerts)
    .map(
      ([name, { alerts, settled }]) =>
        `${name.padEnd(24)}${String(alerts).padStart(5)}${((settled / alerts) * 100).toFixed(1).padStart(8)} %`,
    )
    .join('\n');
}

describe('alerts of other teams', () => {
  const files = corpusFiles();

  it.skipIf(files.length === 0)('fire, stay silent just beside, or are shown unable to', async () => {
    const found = findAll(
      sortFiles(files).rules.map(({ file }) => file),
      { scrapeIntervalMs: 60_000 },
    );
    const rules = found.flatMap((entry) => (entry.rule.kind === 'alert' ? (toAlertRule(entry) ?? []) : []));
    const results = await findWitnesses({ rules, recordingRules: [], promtool: await promtool() });
    process.stdout.write(`${census(results)}\n`);
    const all = [...results];
    expect(all.filter(([, result]) => nearKnown(result)).length / all.length).toBeGreaterThanOrEqual(0.98);
    expect(
      all.filter(([, { outcome }]) => outcome !== 'found' && outcome !== 'impossible').map(([{ alert }]) => alert),
    ).toEqual([]);
  });

  it.skipIf(files.length === 0)('a thousand of them take less than two minutes', { timeout: 300_000 }, async () => {
    const found = findAll(
      sortFiles(files).rules.map(({ file }) => file),
      { scrapeIntervalMs: 60_000 },
    );
    const once = found.flatMap((entry) => (entry.rule.kind === 'alert' ? (toAlertRule(entry) ?? []) : []));
    const rules = Array.from({ length: 1_000 }, (_, index): AlertRule[] => {
      const rule = once[index % once.length];
      return rule === undefined ? [] : [{ ...rule, alert: `${rule.alert}${index}` }];
    }).flat();
    const start = performance.now();
    const results = await findWitnesses({ rules, recordingRules: [], promtool: await promtool() });
    const seconds = (performance.now() - start) / 1_000;
    process.stdout.write(`${results.size} alerts in ${seconds.toFixed(1)} s\n`);
    expect(results.size).toBe(1_000);
    expect(seconds).toBeLessThan(120);
  });
});

describe('every shape of expression', () => {
  it('has a confirmed witness; all but a few a near miss', async () => {
    const rules = Object.values(SHAPES).flat().map(alertRule);
    const results = await findWitnesses({ rules, recordingRules: [], promtool: await promtool() });
    process.stdout.write(`${census(results)}\n`);
    const missing = [...results].filter(([, { outcome }]) => outcome !== 'found');
    expect(missing.length / rules.length).toBeLessThanOrEqual(0.01);
    expect([...results.values()].filter(nearKnown).length / rules.length).toBeGreaterThanOrEqual(0.98);
  });
});

describe('ten thousand expressions from the grammar', () => {
  it('crash nothing, and what the model finds promtool confirms', { timeout: 900_000 }, async () => {
    const random = new Random(11);
    const rules = Array.from({ length: 10_000 }, (_, index) =>
      alertRule({ expr: printPromql(randomVector(random, 4)), for: random.pick(['0s', '1m', '5m']) }, index),
    );
    for (const rule of rules) provenImpossible(rule.ast);
    const results = await findWitnesses({ rules, recordingRules: [], promtool: await promtool(), searchLimitMs: 300 });
    expect(results.size).toBe(rules.length);
    const outcomes = Object.groupBy([...results.values()], ({ outcome }) => outcome);
    const unconfirmed = (outcomes.gaveUp ?? []).filter(
      (result) => 'after' in result && result.after.includes('promtool'),
    );
    process.stdout.write(
      `${Object.entries(outcomes)
        .map(([name, list]) => `${name} ${list?.length}`)
        .join(', ')}, unconfirmed ${unconfirmed.length}\n`,
    );
    expect(unconfirmed.length / (outcomes.found?.length ?? 1)).toBeLessThan(0.02);
    const contradicted = [...results].filter(
      ([rule, { outcome }]) => outcome === 'found' && impossibleByValues(rule.ast) !== null,
    );
    expect(contradicted).toEqual([]);
  });
});
