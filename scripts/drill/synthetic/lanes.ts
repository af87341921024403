import { join } from 'node:path';
import type { LanePlan } from '../../../monitoring/drill/synthetic/lanes.ts';
import { type Lane, type LaneOptions, startLane } from './lane.ts';
import type { LoadedLane } from './wave.ts';

/** Starts the pairs of a wave. What was started is stopped when one of them fails. */
export async function startLanes(
  plans: readonly LanePlan[],
  options: Omit<LaneOptions, 'lookbackMs'>,
): Promise<LoadedLane[]> {
  const started: Lane[] = [];
  const starting = plans.map(async ({ scripts, cases }, index): Promise<LoadedLane> => {
    const lookbackMs = Math.max(...cases.map(({ clock }) => clock.wallLookbackMs));
    const lane = await startLane({ ...options, lookbackMs, dir: join(options.dir, `lane-${index + 1}`) });
    started.push(lane);
    return { lane, cases, scripts };
  });
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined) return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  await Promise.all(started.map((lane) => lane.stop()));
  throw failed.reason;
}
