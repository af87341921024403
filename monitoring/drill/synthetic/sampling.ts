import { walk } from '../../promql/ast.ts';
import type { CaseInput } from './case.ts';

/** Samples that the shortest window must hold. */
const SAMPLES_IN_WINDOW = 5;

/** Samples in a window beyond which more say nothing: a window of a month holds as many as one of an hour. */
const SAMPLES_ENOUGH = 60;
/** Evaluations in a row that may see the same samples. */
const EVALUATIONS_A_SAMPLE = 5;

/**
 * Wall milliseconds between the samples of a case: as few as its expression needs, since each costs. Where it only looks at the present one for each
 * evaluation will do; signals that count in samples keep the distance for which they were found.
 */
export function wallSampleMs(
  { searched, intervalMs, faulty, healthy, near, episode }: CaseInput,
  factor: number,
  wallEvaluationMs: number,
): number {
  const found = Math.max(1, Math.floor(intervalMs / factor));
  const segments = [faulty, healthy ?? [], near?.series ?? [], episode ?? []].flatMap((series) =>
    series.flatMap((one) => one.segments),
  );
  const counted = segments.some(({ toggle, everySamples = 1 }) => toggle !== undefined || everySamples > 1);
  const nodes = [...walk(searched)];
  const shifted = nodes.some(
    (node) => (node.kind === 'selector' || node.kind === 'subquery') && (node.offset !== null || node.at !== null),
  );
  if (counted || shifted || nodes.some(({ kind }) => kind === 'subquery')) return found;
  const windows = nodes.flatMap((node) => (node.kind === 'matrix' ? [node.range.ms / factor] : []));
  const shortest = Math.min(...windows);
  const instants = nodes.filter(({ kind }) => kind === 'selector').length > windows.length;
  const sparse = instants ? 1 : Math.max(1, Math.floor(shortest / SAMPLES_ENOUGH / wallEvaluationMs));
  const most = wallEvaluationMs * Math.min(EVALUATIONS_A_SAMPLE, sparse);
  return Math.max(found, Math.floor(Math.min(most, shortest / SAMPLES_IN_WINDOW)));
}
