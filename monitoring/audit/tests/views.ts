import { walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { MutableRule } from '../mutants/mutant.ts';
import { candidatesFor, type FindOptions } from '../witness/find.ts';
import type { Witness } from '../witness/types.ts';
import { lets } from './series-edit.ts';

/** An alert with one of the inputs that say something about it. */
export interface View {
  rule: MutableRule;
  witness: Witness;
}

/** Ways to look at one alert. */
const MOST_VIEWS = 5;

/**
 * The witness, one for each side of an `or` alone, one for each `unless` in which what it takes away is there too,
 * and one with a series for every selector. */
export function viewsOf(source: View, clock: FindOptions): View[] {
  const { rule, witness } = source;
  const nodes = [...walk(rule.ast)].filter((node) => node.kind === 'binary');
  const texts = nodes.flatMap(({ op, opSpan, from, to, left, right }) => {
    const { expr } = rule;
    if (op === 'unless') return [`${expr.slice(0, opSpan.from)}and${expr.slice(opSpan.to)}`];
    if (op !== 'or') return [];
    return [right, left].map((side) => `${expr.slice(0, from)}(${expr.slice(side.from, side.to)})${expr.slice(to)}`);
  });
  const views: View[] = [source];
  const known = new Set([namesOf(witness.series)]);
  const { forMs, keepFiringForMs } = rule;
  for (const text of texts) {
    const parsed = parsePromql(text);
    if (!parsed.ok || views.length > MOST_VIEWS) continue;
    const sought = { expr: parsed.expr, forMs, keepFiringForMs, groupIntervalMs: null, mentioned: [] };
    const found = candidatesFor(sought, clock).next();
    if (found.done === true || known.has(namesOf(found.value.series))) continue;
    const { series, fireAtMs, endMs } = found.value;
    known.add(namesOf(series));
    const at = Math.ceil(fireAtMs / witness.evaluationMs) * witness.evaluationMs;
    views.push({ rule, witness: { ...witness, series, fireAtMs: at, endMs: Math.max(at, endMs), near: null } });
  }
  const companions = missingSeries(rule, witness.series);
  if (companions.length > 0) {
    views.push({ rule, witness: { ...witness, series: [...witness.series, ...companions], near: null } });
  }
  return views;
}

/** A series with the value 1 for each selector that no series of the witness answers, under the labels of its first series. */
export function missingSeries({ ast }: View['rule'], series: Witness['series']): Witness['series'] {
  const [first] = series;
  const found = new Map<string, Witness['series'][number]>();
  for (const node of walk(ast)) {
    if (node.kind !== 'selector' || node.name === null || first === undefined) continue;
    const { name, matchers } = node;
    if (series.some(({ labels }) => labels.__name__ === name)) continue;
    const wanted = matchers.filter(({ op }) => op === '=').map(({ label, value }) => [label, value]);
    const labels = { ...first.labels, ...Object.fromEntries(wanted), __name__: name };
    const fits = matchers.every((matcher) => lets(matcher, labels[matcher.label as keyof typeof labels] ?? ''));
    if (fits) found.set(name, { labels, segments: [{ fromMs: 0, value: 1, slopePerSecond: 0 }] });
  }
  return [...found.values()];
}

function namesOf(series: Witness['series']): string {
  return series.map(({ labels }) => JSON.stringify(labels)).join('\n');
}
