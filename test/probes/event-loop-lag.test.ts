import { describe, expect, it } from 'vitest';
import { systemClock } from '../../probes/clock.ts';
import { watchLag } from '../../probes/event-loop-lag.ts';
import { distrustLagging } from '../../probes/lagging.ts';
import type { ProbeResult } from '../../probes/result.ts';
import { fakeClock } from './fake-clock.ts';

const failure: ProbeResult = {
  outcome: 'failure',
  reason: 'timeout',
  detail: 'no end within 1000 ms',
  durationSeconds: 1,
  degraded: false,
  phases: {},
  facts: {},
};

describe('the watch on the event loop', () => {
  it('sees a stall that overlaps a run, and none that was over before', async () => {
    const clock = fakeClock();
    const lag = watchLag(clock);
    await clock.advance(1_000);
    expect(lag.worstSinceMs(0)).toBe(0);
    clock.stall(400);
    // The tick has not come yet: callbacks of the stalled turn run first.
    expect(lag.worstSinceMs(900)).toBeGreaterThan(350);
    await clock.advance(100);
    expect(lag.worstSinceMs(900)).toBeGreaterThan(350);
    expect(lag.worstSinceMs(1_450)).toBe(0);
  });

  it('sees a real stall of this process', () => {
    const clock = systemClock();
    const lag = watchLag(clock);
    const startMs = clock.monotonicMs();
    while (clock.monotonicMs() - startMs < 150);
    expect(lag.worstSinceMs(startMs)).toBeGreaterThan(100);
    lag.stop();
  });
});

describe('a result taken in a stall', () => {
  it('is unknown when the stall took over a tenth of the timeout', () => {
    expect(distrustLagging(failure, 101, 1_000)).toMatchObject({
      outcome: 'unknown',
      reason: 'lagging',
      detail: 'the prober stalled for 101 ms of a timeout of 1000 ms; it saw timeout: no end within 1000 ms',
    });
  });

  it('stands when it took less', () => {
    expect(distrustLagging(failure, 100, 1_000)).toBe(failure);
  });
});
