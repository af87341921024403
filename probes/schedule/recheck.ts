/** Faster looks in a row without a change; then the interval must do until something changes. */
const MAX_IN_A_ROW = 10;
/**
 * Targets that get faster looks at the same time. When more fail, the cause is one for all of them, and looking at each more often would
 * only load the prober and whatever is left of them.
 */
const MAX_TARGETS = 100;

/** Who looks faster at present, over all targets. */
export interface RecheckBudget {
  targets: number;
  /** Faster looks so far. */
  total: number;
}

/** Nobody so far. */
export function recheckBudget(): RecheckBudget {
  return { targets: 0, total: 0 };
}

/** Decides for one target when to look again. */
export interface Recheck {
  /** After a judged run: milliseconds until the next look, null for the regular one. */
  after(run: { success: boolean; up: boolean }, recheckMs: number | null, intervalMs: number): number | null;
  /** The target is gone: its place is free. */
  end(): void;
}

/** Faster looks while a target fails and until it is up again, within bounds. */
export function createRecheck(budget: RecheckBudget): Recheck {
  let inARow = 0;
  let lastSuccess = true;
  let holds = false;
  const end = () => {
    if (holds) budget.targets -= 1;
    holds = false;
  };
  return {
    after({ success, up }, recheckMs, intervalMs) {
      if (success !== lastSuccess) inARow = 0;
      lastSuccess = success;
      const wanted = recheckMs !== null && recheckMs < intervalMs && !(success && up) && inARow < MAX_IN_A_ROW;
      if (!wanted || (!holds && budget.targets >= MAX_TARGETS)) {
        end();
        if (success && up) inARow = 0;
        return null;
      }
      if (!holds) budget.targets += 1;
      holds = true;
      inARow += 1;
      budget.total += 1;
      return recheckMs;
    },
    end,
  };
}
