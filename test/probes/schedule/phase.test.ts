import { describe, expect, it } from 'vitest';
import { phaseMs, untilPhaseMs } from '../../../probes/schedule/phase.ts';

describe('the phase of a target', () => {
  it('is the same after every restart', () => {
    expect(phaseMs('personalization/backend', 15_000)).toBe(phaseMs('personalization/backend', 15_000));
    expect(phaseMs('personalization/backend', 15_000)).not.toBe(phaseMs('personalization/cache', 15_000));
  });

  it('spreads ten thousand targets evenly over the interval', () => {
    const perSlot = new Array<number>(15).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const slot = Math.floor(phaseMs(`system-${i % 7}/service-${i}`, 15_000) / 1_000);
      perSlot[slot] = (perSlot[slot] ?? 0) + 1;
    }
    // 667 expected a slot, standard deviation 25: five of them are one in a million.
    for (const count of perSlot) expect(Math.abs(count - 667)).toBeLessThan(125);
  });

  it('is met by the next run, whatever the time', () => {
    for (const nowMs of [0, 1, 14_999, 15_000, 1_700_000_000_123]) {
      const wait = untilPhaseMs('a/b', 15_000, nowMs);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThan(15_000);
      expect((nowMs + wait) % 15_000).toBe(phaseMs('a/b', 15_000));
    }
  });
});
