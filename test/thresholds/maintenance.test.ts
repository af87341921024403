import { describe, expect, it } from 'vitest';
import { maintenanceAt } from '../../thresholds/maintenance.ts';
import type { MaintenanceWindow } from '../../thresholds/model.ts';

const HOUR_MS = 3_600_000;

const sundays: MaintenanceWindow = {
  kind: 'recurring',
  weekdays: [0],
  startMinute: 2 * 60,
  durationMs: 2 * HOUR_MS,
  timezone: 'Europe/Vienna',
  note: 'patches',
};
const daily = { ...sundays, weekdays: [0, 1, 2, 3, 4, 5, 6] };
const once: MaintenanceWindow = {
  kind: 'once',
  fromMs: Date.parse('2026-12-01T22:00:00Z'),
  toMs: Date.parse('2026-12-02T02:00:00Z'),
  note: '',
};

const at = (windows: MaintenanceWindow[], moment: string) => {
  const { open, untilMs } = maintenanceAt(windows, Date.parse(moment));
  return [open !== null, Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : 'never'];
};

describe('a maintenance window', () => {
  it.each([
    [
      'is closed before its time in its zone, and says when it opens',
      [sundays],
      '2026-11-22T00:59:59Z',
      false,
      '2026-11-22T01:00:00.000Z',
    ],
    ['is open from its first moment', [sundays], '2026-11-22T01:00:00Z', true, '2026-11-22T03:00:00.000Z'],
    ['is open until just before its end', [sundays], '2026-11-22T02:59:59.999Z', true, '2026-11-22T03:00:00.000Z'],
    [
      'is closed at its end, and comes back a week later',
      [sundays],
      '2026-11-22T03:00:00Z',
      false,
      '2026-11-29T01:00:00.000Z',
    ],
    ['keeps to the clocks of its zone in summer', [sundays], '2026-07-05T00:30:00Z', true, '2026-07-05T02:00:00.000Z'],
    [
      'begins an hour later when the clocks jump over its beginning',
      [{ ...daily, startMinute: 150 }],
      '2026-03-29T01:29:00Z',
      false,
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'begins with the first of two equal times when the clocks go back',
      [{ ...daily, startMinute: 150, durationMs: 600_000 }],
      '2026-10-25T00:31:00Z',
      true,
      '2026-10-25T00:40:00.000Z',
    ],
    [
      'does not begin again with the second',
      [{ ...daily, startMinute: 150, durationMs: 600_000 }],
      '2026-10-25T01:31:00Z',
      false,
      '2026-10-26T01:30:00.000Z',
    ],
    [
      'lasts over midnight',
      [{ ...sundays, startMinute: 23 * 60 }],
      '2026-11-22T23:30:00Z',
      true,
      '2026-11-23T00:00:00.000Z',
    ],
    [
      'lasts for days',
      [{ ...sundays, durationMs: 72 * HOUR_MS }],
      '2026-11-24T12:00:00Z',
      true,
      '2026-11-25T01:00:00.000Z',
    ],
    ['that comes once is open then', [once], '2026-12-02T01:00:00Z', true, '2026-12-02T02:00:00.000Z'],
    ['that comes once never comes back', [once], '2026-12-02T02:00:00Z', false, 'never'],
    [
      'that ends later counts where two are open',
      [once, { ...once, toMs: once.toMs + HOUR_MS }],
      '2026-12-02T01:00:00Z',
      true,
      '2026-12-02T03:00:00.000Z',
    ],
    ['is closed where there is none', [], '2026-12-02T02:00:00Z', false, 'never'],
  ] as const)('%s', (_, windows, moment, open, until) => {
    expect(at([...windows], moment)).toEqual([open, until]);
  });

  it('is never forgotten: what holds until a moment holds at each one before it', () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z');
    const endMs = Date.parse('2027-01-01T00:00:00Z');
    let openMs = 0;
    while (nowMs < endMs) {
      const { open, untilMs } = maintenanceAt([sundays], nowMs);
      expect(untilMs).toBeGreaterThan(nowMs);
      const middle = maintenanceAt([sundays], nowMs + (untilMs - nowMs) / 2);
      expect(middle).toEqual({ open, untilMs });
      if (open !== null) openMs += untilMs - nowMs;
      nowMs = untilMs;
    }
    // 52 Sundays in 2026, two hours each.
    expect(openMs).toBe(52 * 2 * HOUR_MS);
  });
});
