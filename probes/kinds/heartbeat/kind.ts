import type { HeartbeatProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { createHeartbeatBoard, type HeartbeatBoard } from '../../heartbeat/board.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { judgeHeartbeat } from './judge.ts';
import { heartbeatLayout } from './series.ts';

/** Others push to the prober; a run looks at what was heard. */
export const heartbeatKind: ProbeKind<HeartbeatProbeSpec> = {
  create(context, target) {
    const board = createHeartbeatBoard(context.state);
    // From now on it is waited for, even if the first run is far away.
    board.look(target.id, context.clock.now(), gapMs(target.spec));
    return { run: (options) => runHeartbeat(context, board, target, options) };
  },
  // Nothing is asked at the address: it may be that of the sender, or any.
  addressProblem: () => undefined,
  layout: heartbeatLayout,
};

/** Runs that are this far apart have the prober's absence between them, not its load. */
function gapMs({ intervalMs }: Pick<HeartbeatProbeSpec, 'intervalMs'>): number {
  return 3 * intervalMs;
}

function runHeartbeat(
  context: ProbeContext,
  board: HeartbeatBoard,
  target: ProbeTarget<HeartbeatProbeSpec>,
  options: ProbeOptions,
) {
  return measureRun(context, target, options, {}, async ({ facts }) => {
    const nowMs = context.clock.now();
    const { spec } = target;
    const record = board.look(target.id, nowMs, gapMs(spec));
    facts.heartbeat = {
      limitSeconds: (spec.withinMs + spec.graceMs) / 1_000,
      ...(record.lastMs !== null && { lastTimestampSeconds: record.lastMs / 1_000 }),
      ...(record.durationMs !== null && { durationSeconds: record.durationMs / 1_000 }),
    };
    judgeHeartbeat(spec, record, nowMs);
  });
}
