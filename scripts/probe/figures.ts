import type { ProbeFacts } from '../../probes/result.ts';
import { formatDuration } from '../../thresholds/units.ts';

/** What a kind of probe saw beside its judgement, as one line for the table; null where there is nothing to tell. */
export function factFigures({ prometheus, heartbeat, dns, grpc, rows }: ProbeFacts): string | null {
  if (prometheus !== undefined) return prometheusFigures(prometheus);
  if (heartbeat?.durationSeconds !== undefined)
    return `the work took ${formatDuration(heartbeat.durationSeconds * 1_000)}`;
  if (dns !== undefined)
    return counted(dns.answers, 'answer') + (dns.serial === undefined ? '' : `, serial ${dns.serial}`);
  if (grpc?.serving !== undefined) return grpc.serving;
  return rows === undefined ? null : counted(rows, 'row');
}

function prometheusFigures({
  series,
  value,
  targets,
  rules,
  warnings,
}: NonNullable<ProbeFacts['prometheus']>): string | null {
  const seen = [
    series === undefined ? '' : counted(series, 'series', 'series'),
    value === undefined ? '' : `value ${value}`,
    targets === undefined
      ? ''
      : `${targets.up} of ${counted(targets.up + targets.down + targets.unknown, 'target')} up`,
    rules === undefined ? '' : `${counted(rules.ok + rules.err + rules.unknown, 'rule')}, ${rules.err} with errors`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].filter(Boolean);
  return seen.length === 0 ? null : seen.join(', ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
