import type { LlmGenerationSpec } from '../../../thresholds/model.ts';
import { GEN_AI_LABEL, LLM_METRIC } from '../../../thresholds/names.ts';
import { counter, type Family, gauge, type RunSample, type SeriesDef } from '../../metrics/series.ts';
import { bucketLabel } from '../../metrics/text-format.ts';
import { CHUNK_BOUNDS_SECONDS, OPERATION_BOUNDS_SECONDS, TOKEN_BOUNDS } from './bounds.ts';
import { LLM_DIALECTS } from './dialects.ts';
import type { LlmFacts } from './facts.ts';

const last = (name: string, help: string): Family => ({ name, type: 'gauge', help: `${help} Of the last answer.` });
const all = (name: string, help: string): Family => ({ name, type: 'histogram', help });

const FIRST_REASONING = last(LLM_METRIC.firstReasoningTokenSeconds, 'Time from the request to the first reasoning.');
const FIRST_TOKEN = last(LLM_METRIC.firstTokenSeconds, 'Time from the request to the first token of the reply.');
const INTER_TOKEN = last(LLM_METRIC.interTokenSeconds, 'Mean time between tokens, as the provider counts them.');
const RATE = last(LLM_METRIC.outputTokensPerSecond, 'Tokens written, over the time to the last one.');
const KEEP_ALIVES = last(LLM_METRIC.keepAlives, 'Comments sent while the request waited in a queue.');
const FIRST_CHUNK = all(LLM_METRIC.timeToFirstChunkSeconds, 'Time from the request to the first token.');
const CHUNK_GAP = all(LLM_METRIC.timePerOutputChunkSeconds, 'Time between chunks that hold tokens.');
const OPERATION = all(LLM_METRIC.operationDurationSeconds, 'Time of completions that ended as expected.');
const TOKENS = all(LLM_METRIC.tokenUsage, 'Tokens read and written, as the provider counts them.');

/**
 * Figures of completions. By default the last values, and how many first tokens came within the promise: the one bucket that a rule needs.
 * Where the catalogue asks for histograms, all four of OpenTelemetry's, at eight buckets each.
 */
export function generationSeries(spec: LlmGenerationSpec): SeriesDef[] {
  const labels = {
    [GEN_AI_LABEL.operation]: LLM_DIALECTS[spec.api].operation,
    [GEN_AI_LABEL.provider]: spec.provider,
    [GEN_AI_LABEL.model]: spec.model,
  };
  const lastOf = (family: Family, read: (facts: LlmFacts) => number | undefined) =>
    gauge(family, ({ result }) => (result.facts.llm ? read(result.facts.llm) : undefined), labels);
  const promise = spec.firstTokenWithinMs / 1_000;
  const firstBounds = spec.histograms ? sorted([...OPERATION_BOUNDS_SECONDS.slice(1), promise]) : [promise];
  return [
    lastOf(FIRST_REASONING, ({ firstReasoningSeconds }) => firstReasoningSeconds),
    lastOf(FIRST_TOKEN, ({ firstTokenSeconds }) => firstTokenSeconds),
    lastOf(INTER_TOKEN, ({ interTokenSeconds }) => interTokenSeconds),
    lastOf(RATE, ({ tokensPerSecond }) => tokensPerSecond),
    lastOf(KEEP_ALIVES, ({ keepAlives }) => keepAlives),
    ...histogram(FIRST_CHUNK, labels, firstBounds, ({ firstReasoningSeconds, firstTokenSeconds }) =>
      known(firstReasoningSeconds ?? firstTokenSeconds),
    ),
    ...(spec.histograms ? further(labels) : []),
  ];
}

function further(labels: Record<string, string>): SeriesDef[] {
  return [
    ...histogram(OPERATION, labels, OPERATION_BOUNDS_SECONDS, (_, { result }) =>
      result.outcome === 'success' ? [result.durationSeconds] : [],
    ),
    ...chunkGaps(labels),
    ...(['input', 'output'] as const).flatMap((type) =>
      histogram(TOKENS, { ...labels, [GEN_AI_LABEL.tokenType]: type }, TOKEN_BOUNDS, ({ usage }) =>
        known(usage?.[type]),
      ),
    ),
  ];
}

/** The gaps of an answer are counted where they are measured: only the counts come here. */
function chunkGaps(labels: Record<string, string>): SeriesDef[] {
  const of = (read: (gaps: NonNullable<LlmFacts['gaps']>) => number) => (run: RunSample) => {
    const gaps = run.counts ? run.result.facts.llm?.gaps : undefined;
    return gaps === undefined ? 0 : read(gaps);
  };
  const bucket = (le: string) => ({ suffix: '_bucket' as const, labels: { ...labels, le } });
  return [
    ...CHUNK_BOUNDS_SECONDS.map((bound, index) =>
      counter(
        CHUNK_GAP,
        of(({ within }) => within[index] ?? 0),
        bucket(bucketLabel(bound)),
      ),
    ),
    counter(
      CHUNK_GAP,
      of(({ count }) => count),
      bucket('+Inf'),
    ),
    counter(
      CHUNK_GAP,
      of(({ sumSeconds }) => sumSeconds),
      { suffix: '_sum', labels },
    ),
    counter(
      CHUNK_GAP,
      of(({ count }) => count),
      { suffix: '_count', labels },
    ),
  ];
}

function histogram(
  family: Family,
  labels: Record<string, string>,
  bounds: readonly number[],
  read: (facts: LlmFacts, run: RunSample) => readonly number[],
): SeriesDef[] {
  const sum = (weigh: (value: number) => number) => (run: RunSample) =>
    run.counts && run.result.facts.llm
      ? read(run.result.facts.llm, run).reduce((total, value) => total + weigh(value), 0)
      : 0;
  return [
    ...bounds.map((bound) =>
      counter(
        family,
        sum((value) => (value <= bound ? 1 : 0)),
        {
          suffix: '_bucket',
          labels: { ...labels, le: bucketLabel(bound) },
        },
      ),
    ),
    counter(
      family,
      sum(() => 1),
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' } },
    ),
    counter(
      family,
      sum((value) => value),
      { suffix: '_sum', labels },
    ),
    counter(
      family,
      sum(() => 1),
      { suffix: '_count', labels },
    ),
  ];
}

function known(value: number | undefined): number[] {
  return value === undefined ? [] : [value];
}

function sorted(bounds: readonly number[]): number[] {
  return [...new Set(bounds)].sort((a, b) => a - b);
}
