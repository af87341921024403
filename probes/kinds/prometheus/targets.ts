import { z } from 'zod';
import type { TargetsCheck } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { PrometheusFacts } from './facts.ts';

/** Data of `/api/v1/targets`. */
export const targetsData = z.object({
  activeTargets: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      health: z.enum(['up', 'down', 'unknown']),
      lastError: z.string(),
    }),
  ),
});

/**
 * Judges the scraped targets.
 * @throws ProbeFailure `empty` when a job or all targets are missing, `target-down` when too few are up.
 */
export function expectTargets(
  { activeTargets }: z.output<typeof targetsData>,
  { jobs, atLeast }: TargetsCheck,
  facts: PrometheusFacts,
): void {
  const jobOf = ({ labels }: (typeof activeTargets)[number]) => labels.job ?? '';
  const looked = jobs.length === 0 ? activeTargets : activeTargets.filter((target) => jobs.includes(jobOf(target)));
  const inState = (state: 'up' | 'down' | 'unknown') => looked.filter(({ health }) => health === state);
  const up = inState('up').length;
  facts.targets = { up, down: inState('down').length, unknown: inState('unknown').length };
  const missing = jobs.filter((job) => !activeTargets.some((target) => jobOf(target) === job));
  if (missing.length > 0)
    throw new ProbeFailure('empty', `no target of ${missing.map((job) => `job ${job}`).join(', ')}`);
  if (looked.length === 0) throw new ProbeFailure('empty', 'it has no target');
  if (up >= (atLeast ?? looked.length)) return;
  const [first] = [...inState('down'), ...inState('unknown')];
  const example =
    first === undefined
      ? ''
      : `: ${jobOf(first)} ${first.labels.instance ?? ''} ${first.health === 'unknown' ? 'not scraped yet' : first.lastError.slice(0, 160)}`;
  const expected = atLeast === null ? '' : `, expected at least ${atLeast}`;
  throw new ProbeFailure('target-down', `${up} of ${looked.length} targets up${expected}${example}`);
}
