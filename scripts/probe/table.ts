import { explain } from '../../probes/result.ts';
import { formatDuration } from '../../thresholds/units.ts';
import type { ProbeOnceResult } from './once.ts';

const WIDTH = 80;
const RANK = { failure: 0, unknown: 1, success: 3 } as const;
const WORD = { failure: 'FAIL', unknown: 'unknown', success: 'ok' } as const;

/** Phases that are no part of the answer. */
const BEFORE_OR_BESIDE: ReadonlySet<string> = new Set(['resolve', 'connect', 'tls', 'other']);

/**
 * Results as lines of at most 80 columns: the broken ones first, each with its evidence below; then the good ones. Phases are grouped:
 * connect with name resolution, and whatever a kind does on its connection as the answer.
 */
export function probeTable(results: readonly ProbeOnceResult[]): string[] {
  const lines = [row('', 'target', 'total', 'connect', 'tls', 'answer')];
  const rank = ({ degraded, outcome }: ProbeOnceResult) => (degraded ? 2 : RANK[outcome]);
  const ordered = [...results].sort((a, b) => rank(a) - rank(b));
  for (const result of ordered) {
    const { target, durationSeconds, phases } = result;
    const seconds = (...names: string[]) => names.reduce((sum, name) => sum + (phases[name] ?? 0), 0);
    lines.push(
      row(
        result.degraded ? 'slow' : WORD[result.outcome],
        target,
        duration(durationSeconds),
        duration(seconds('resolve', 'connect')),
        duration(seconds('tls')),
        duration(seconds(...Object.keys(phases).filter((phase) => !BEFORE_OR_BESIDE.has(phase)))),
      ),
    );
    if (result.outcome !== 'success') lines.push(clip(`           ${explain(result)}`, WIDTH));
  }
  return [...lines, '', summary(results)];
}

function row(word: string, target: string, total: string, connect: string, tls: string, answer: string): string {
  const figures = `${total.padStart(9)}${connect.padStart(9)}${tls.padStart(9)}${answer.padStart(9)}`;
  return `  ${word.padEnd(8)} ${clip(target, WIDTH - figures.length - 11).padEnd(WIDTH - figures.length - 11)}${figures}`;
}

function summary(results: readonly ProbeOnceResult[]): string {
  const count = (outcome: ProbeOnceResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const slow = results.filter(({ degraded }) => degraded).length;
  return `  ${results.length} targets: ${count('success')} ok${slow > 0 ? ` (${slow} slow)` : ''}, ${count('failure')} failed, ${count('unknown')} unknown`;
}

function duration(seconds: number): string {
  if (seconds < 0.0001) return seconds === 0 ? '-' : '<0.1 ms';
  return formatDuration(seconds * 1_000);
}

function clip(text: string, width: number): string {
  const line = text.replaceAll('\n', ' ');
  return line.length <= width ? line : `${line.slice(0, width - 3)}...`;
}
