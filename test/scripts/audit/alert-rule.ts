import type { AlertRule } from '../../../monitoring/audit/witness/types.ts';
import { promqlDurationMs } from '../../../monitoring/promql/duration.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';

/** An alerting rule around an expression. */
export function alertRule({ expr, for: holdFor = '0s' }: { expr: string; for?: string }, index: number): AlertRule {
  const parsed = parsePromql(expr);
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.errors[0].message}`);
  return {
    file: 'rules.yml',
    group: 'g',
    groupIntervalMs: null,
    place: { line: 1, column: 1 },
    alert: `Alert${index}`,
    expr,
    ast: parsed.expr,
    forMs: promqlDurationMs(holdFor) ?? 0,
    keepFiringForMs: 0,
    labels: { severity: 'warning' },
    annotations: { summary: '{{ $labels.job }} is at {{ $value }}' },
  };
}

export async function promtool(): Promise<{ path: string; version: string }> {
  const { path, version } = await resolveTool('promtool');
  return { path, version };
}
