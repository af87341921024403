import { walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { MutableRule } from '../mutants/mutant.ts';
import { candidatesFor, type FindOptions } from '../witness/find.ts';
import type { Witness } from '../witness/types.ts';

/** An alert with one of the inputs that say something about it. */
export interface View {
  rule: MutableRule;
  witness: Witness;
}

/** Ways to look at one alert. */
const MOST_VIEWS = 5;

/** The witness, one for each further way in which an `or` can hold, and one for each `unless` in which what it takes away is there too. */
export function viewsOf(source: View, clock: FindOptions): View[] {
  const { rule, witness } = source;
  const nodes = [...walk(rule.ast)].filter((node) => node.kind === 'binary');
  const ways = nodes.filter(({ op }) => op === 'or').length;
  const exprs = [
    ...(ways === 0 ? [] : [{ expr: rule.ast, most: ways }]),
    ...nodes.flatMap(({ op, opSpan }) => {
      const parsed =
        op === 'unless' ? parsePromql(`${rule.expr.slice(0, opSpan.from)}and${rule.expr.slice(opSpan.to)}`) : null;
      return parsed?.ok === true ? [{ expr: parsed.expr, most: 1 }] : [];
    }),
  ];
  const views: View[] = [source];
  const known = new Set([namesOf(witness.series)]);
  for (const { expr, most } of exprs.slice(0, MOST_VIEWS)) {
    const { forMs, keepFiringForMs } = rule;
    let [tried, added] = [0, 0];
    for (const found of candidatesFor({ expr, forMs, keepFiringForMs, groupIntervalMs: null, mentioned: [] }, clock)) {
      tried += 1;
      if (tried > 3 * most || added === most) break;
      if (known.has(namesOf(found.series))) continue;
      known.add(namesOf(found.series));
      added += 1;
      const fireAtMs = Math.ceil(found.fireAtMs / witness.evaluationMs) * witness.evaluationMs;
      const endMs = Math.max(fireAtMs, found.endMs);
      views.push({ rule, witness: { ...witness, series: found.series, fireAtMs, endMs, near: null } });
    }
  }
  return views;
}

function namesOf(series: Witness['series']): string {
  return series.map(({ labels }) => JSON.stringify(labels)).join('\n');
}
