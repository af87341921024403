import { readFileSync } from 'node:fs';
import { HarnessError } from '../process/harness-error.ts';

/** k6's summary as `handleSummary` gets it (legacy shape): exact figures over the whole run. */
export interface K6Summary {
  metrics: Record<string, { values: Record<string, number> }>;
  state: { testRunDurationMs: number };
}

/**
 * Reads the summary that the scenarios left.
 * @returns null when there is none: k6 did not get as far.
 * @throws HarnessError when it is damaged.
 */
export function readSummary(path: string): K6Summary | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const summary: K6Summary = JSON.parse(text);
    if (typeof summary.metrics === 'object' && typeof summary.state.testRunDurationMs === 'number') return summary;
  } catch {
    // Told below, together with a summary of another shape.
  }
  throw new HarnessError("k6's summary is damaged", { reason: `${path} is not what handleSummary writes` });
}

/** One figure of a metric; 0 where k6 has none, since k6 leaves out what never had a sample. */
export function figure(summary: K6Summary, metric: string, name: string): number {
  return summary.metrics[metric]?.values[name] ?? 0;
}
