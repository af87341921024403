import type { Fault } from '../../thresholds/faults.ts';
import type { Condition } from '../../thresholds/model.ts';

/** What the onset of a condition depends on. Rates are per wall second, times wall milliseconds. */
export interface OnsetInput<C extends Condition = Condition> {
  condition: C;
  fault: Fault;
  /** The condition's window on the drill's clock. */
  windowMs: number;
  scrapeMs: number;
  /** Requests that the condition sees, per second, measured in health; null for a condition that counts none. */
  requestsPerSecond: number | null;
}

/** The latest time from fault to the expression being true, with a probability of about 1 in 10,000 to be later, or why there is none. */
export type Onset = { latestMs: number } | { impossible: string };

/** Standard deviations beyond which about 1 in 30,000 lies, one-sided. */
const Z = 4;
/** -ln(1/10,000): a Poisson process stays silent that many mean intervals once in 10,000 times. */
const SILENT_INTERVALS = 9.2;
/** Requests that were under way when the fault came on are answered as before, later ones after their own time. */
export const UNDER_WAY_MS = 500;

/** Where the catalogue says how a fault moves a metric, it moves it far beyond the limit: so many show that in any sample. */
const TYPICAL_REQUESTS = 100;
const NO_REQUEST = 'no request that it could count was seen in health';

/** How one kind of condition becomes true. */
interface OnsetModel<K extends Condition['kind']> {
  latest(input: OnsetInput<Extract<Condition, { kind: K }>>): Onset;
  /** Requests in one window so that near miss and fault stay apart from the limit; 0 where chance plays no part. */
  neededRequests(condition: Extract<Condition, { kind: K }>, fault: Fault, nearMiss: Fault | null): number;
}

/** Scrape and evaluation see a level at once. */
const AT_ONCE = {
  // A hanging service is only noticed when the scrape times out, which takes one scrape interval.
  latest: ({ scrapeMs }: OnsetInput): Onset => ({ latestMs: 2 * scrapeMs }),
  neededRequests: () => 0,
};

/** True at the latest when the window holds nothing from before the fault. */
const ONCE_FILLED = {
  latest: (input: OnsetInput): Onset => {
    if (input.requestsPerSecond === 0) return { impossible: NO_REQUEST };
    return { latestMs: filledMs(input) };
  },
  neededRequests: () => TYPICAL_REQUESTS,
};

const MODELS: { [K in Condition['kind']]: OnsetModel<K> } = {
  'target-down': AT_ONCE,
  utilisation: AT_ONCE,
  'metric-missing': AT_ONCE,
  share: ONCE_FILLED,
  'latency-mean': ONCE_FILLED,
  'latency-exceeded': ONCE_FILLED,
  threshold: { latest: (input) => ({ latestMs: filledMs(input) }), neededRequests: () => 0 },
  forecast: {
    latest: () => ({ impossible: 'a trend of hours cannot be had from a fault of seconds' }),
    neededRequests: () => 0,
  },
  'latency-quantile': {
    latest: (input) => crossing(input, 1 - input.condition.quantile, input.fault.delayMs ?? 0),
    // Every request of a near miss is slower, but under the limit: only the fault's own share is left to chance.
    neededRequests: ({ quantile }, fault) => separating(1 - quantile, fault.share ?? 1),
  },
  'error-share': {
    latest: (input) => crossing(input, input.condition.above, 0),
    neededRequests: ({ above }, fault, nearMiss) => {
      return Math.max(separating(above, fault.share ?? 1), separating(above, nearMiss?.share ?? 0));
    },
  },
  'errors-seen': {
    latest: ({ fault, scrapeMs, requestsPerSecond }) => {
      const failing = (requestsPerSecond ?? 0) * (fault.share ?? 1);
      if (failing === 0) return { impossible: 'no request that could fail was seen in health' };
      return { latestMs: (SILENT_INTERVALS / failing) * 1_000 + UNDER_WAY_MS + 2 * scrapeMs };
    },
    // The window must hold an error at every moment, or a pending alert would start again.
    neededRequests: (_condition, fault) => SILENT_INTERVALS / (fault.share ?? 1),
  },
};

/** The latest time from fault to the expression being true. */
export function latestOnset(input: OnsetInput): Onset {
  const model = MODELS[input.condition.kind] as OnsetModel<Condition['kind']>;
  return model.latest(input as never);
}

/** How many requests one window must hold, so that chance moves neither fault nor near miss across the limit. */
export function neededRequests(condition: Condition, fault: Fault, nearMiss: Fault | null): number {
  const model = MODELS[condition.kind] as OnsetModel<Condition['kind']>;
  return Math.ceil(model.neededRequests(condition as never, fault, nearMiss));
}

/**
 * When the share of bad requests in a sliding window crosses `limit`. Of n requests in the window, limit * n bad ones must have come;
 * their arrival is a Poisson process of the fault's rate.
 */
function crossing({ fault, windowMs, scrapeMs, requestsPerSecond }: OnsetInput, limit: number, extraMs: number): Onset {
  const share = fault.share ?? 1;
  if (share <= limit) return { impossible: `a fault of ${share} never brings the share above ${limit}` };
  const badPerMs = ((requestsPerSecond ?? 0) * share) / 1_000;
  if (badPerMs === 0) return { impossible: NO_REQUEST };
  // One more than the limit, and those before the second scrape of a counter that is born with them.
  const needed = (limit * windowMs * badPerMs) / share + 1 + badPerMs * scrapeMs;
  return { latestMs: (needed + Z * Math.sqrt(needed)) / badPerMs + extraMs + UNDER_WAY_MS + 2 * scrapeMs };
}

/** When the window, if there is one, holds only what came after the fault. */
function filledMs({ windowMs, scrapeMs }: OnsetInput): number {
  return windowMs + (windowMs === 0 ? 0 : UNDER_WAY_MS) + 2 * scrapeMs;
}

/** Sample size at which a share stays on its side of the limit. */
function separating(limit: number, share: number): number {
  return (Z * Z * share * (1 - share)) / (limit - share) ** 2 + SILENT_INTERVALS;
}
