import { describe, expect, it } from 'vitest';
import { createRecheck, recheckBudget } from '../../../probes/schedule/recheck.ts';

const FAILED = { success: false, up: false };
const RECOVERING = { success: true, up: false };
const UP = { success: true, up: true };

describe('faster looks', () => {
  it('come while a target fails and until it is up again', () => {
    const budget = recheckBudget();
    const recheck = createRecheck(budget);
    const next = (run: typeof UP) => recheck.after(run, 100, 1_000);
    expect([next(UP), next({ success: false, up: true }), next(FAILED), next(RECOVERING), next(UP)]).toEqual([
      null,
      100,
      100,
      100,
      null,
    ]);
    expect(budget).toEqual({ targets: 0, total: 3 });
  });

  it('end after ten in a row without a change, and begin again with one', () => {
    const recheck = createRecheck(recheckBudget());
    const next = (run: typeof UP) => recheck.after(run, 100, 1_000);
    const looks = Array.from({ length: 14 }, () => next(FAILED));
    expect(looks).toEqual([...new Array(10).fill(100), null, null, null, null]);
    expect(next(RECOVERING)).toBe(100);
    expect(next(FAILED)).toBe(100);
  });

  it('do not come where they would not be faster, or are not wanted', () => {
    const recheck = createRecheck(recheckBudget());
    expect(recheck.after(FAILED, null, 1_000)).toBeNull();
    expect(recheck.after(FAILED, 1_000, 1_000)).toBeNull();
  });

  it('are for 100 targets at a time: a place is free when one is up, or gone', () => {
    const budget = recheckBudget();
    const targets = Array.from({ length: 102 }, () => createRecheck(budget));
    const looks = targets.map((target) => target.after(FAILED, 100, 1_000));
    expect(looks.filter((look) => look !== null)).toHaveLength(100);
    expect(targets[100]?.after(FAILED, 100, 1_000)).toBeNull();
    targets[0]?.after(UP, 100, 1_000);
    expect(targets[100]?.after(FAILED, 100, 1_000)).toBe(100);
    targets[1]?.end();
    targets[1]?.end();
    expect(targets[101]?.after(FAILED, 100, 1_000)).toBe(100);
    expect(budget.targets).toBe(100);
  });
});
