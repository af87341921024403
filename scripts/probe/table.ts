import { explain } from '../../probes/result.ts';
import { formatDuration } from '../../thresholds/units.ts';
import { counted } from '../output.ts';
import { factFigures } from './figures.ts';
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
    const figures = completionFigures(result) ?? serverFigures(result) ?? factFigures(result.facts);
    if (figures !== null) lines.push(clip(`           ${figures}`, WIDTH));
    if (result.outcome !== 'success') lines.push(clip(`           ${explain(result)}`, WIDTH));
  }
  return [...lines, '', summary(results)];
}

function row(word: string, target: string, total: string, connect: string, tls: string, answer: string): string {
  const figures = `${total.padStart(9)}${connect.padStart(9)}${tls.padStart(9)}${answer.padStart(9)}`;
  const width = WIDTH - figures.length - 11;
  return `  ${word.padEnd(8)} ${clipStart(target, width).padEnd(width)}${figures}`;
}

/** What is spoken with a server of tools, and how far a look through a proxy came. */
function serverFigures({ facts: { mcp } }: ProbeOnceResult): string | null {
  const tools = mcp?.tools === undefined ? '' : `, ${mcp.tools} ${mcp.tools === 1 ? 'tool' : 'tools'}`;
  if (mcp?.level !== undefined) return `level ${mcp.level} of 3${tools}`;
  if (mcp?.version === undefined) return null;
  return `MCP of ${mcp.version}${tools}${mcp.session === 'left' ? ', the session could not be ended' : ''}`;
}

/** What a completion was like, by the model that gave it. */
function completionFigures({ facts: { llm } }: ProbeOnceResult): string | null {
  if (llm?.answeredBy !== undefined) return `answered by ${llm.answeredBy}`;
  if (llm?.model === undefined) return null;
  const { model, firstReasoningSeconds, firstTokenSeconds, interTokenSeconds, usage } = llm;
  return [
    firstReasoningSeconds === undefined ? '' : `reasoning ${duration(firstReasoningSeconds)}`,
    firstTokenSeconds === undefined ? '' : `first token ${duration(firstTokenSeconds)}`,
    interTokenSeconds === undefined ? '' : `then ${duration(interTokenSeconds)} a token`,
    usage === undefined ? '' : `${usage.output} tokens`,
  ]
    .filter(Boolean)
    .reduce((text, part, index) => `${text}${index === 0 ? ': ' : ', '}${part}`, model);
}

function summary(results: readonly ProbeOnceResult[]): string {
  const count = (outcome: ProbeOnceResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const slow = results.filter(({ degraded }) => degraded).length;
  return `  ${counted(results.length, 'target')}: ${count('success')} ok${slow > 0 ? ` (${slow} slow)` : ''}, ${count('failure')} failed, ${count('unknown')} unknown`;
}

function duration(seconds: number): string {
  if (seconds < 0.0001) return seconds === 0 ? '-' : '<0.1 ms';
  return formatDuration(seconds * 1_000);
}

/** The end of a target tells it from its neighbours. */
function clipStart(text: string, width: number): string {
  return text.length <= width ? text : `...${text.slice(text.length - width + 3)}`;
}

function clip(text: string, width: number): string {
  const line = text.replace(/\p{Cc}/gu, ' ');
  return line.length <= width ? line : `${line.slice(0, width - 3)}...`;
}
