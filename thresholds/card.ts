/**
 * The card: what is promised where a catalogue names no limit of its own, and the defaults of everything that a catalogue may leave out.
 * Prometheus and Alertmanager defaults are those of the programs themselves.
 */
export const CARD = {
  objectives: { p95: '500ms', success: '99%' },
  requestsPerSecond: 50,
  /** An endpoint's timeout is this many times its largest latency limit, and at least `minTimeoutMs`. */
  timeoutFactor: 4,
  minTimeoutMs: 2_000,
  completionMaxTokens: 64,
  firstTokenWithinMs: 5_000,
  promqlMinSamples: 10,
  probe: {
    intervalMs: 30_000,
    timeoutMs: 5_000,
    /** Two failures tell an outage from a lost packet; two successes, an end from a lull. */
    confirm: { fail: { needed: 2, latest: 3 }, recover: { needed: 2, latest: 2 } },
    recheck: { intervalShare: 1 / 3, minMs: 5_000 },
  },
  /** A paid look at a language model: the shortest question whose answer can be checked. */
  generation: {
    prompt: 'Reply with exactly: ok',
    expectText: '\\b[Oo][Kk]\\b',
    maxTokens: 32,
    everyMs: 15 * 60_000,
    recheckMs: 60_000,
    timeoutMs: 30_000,
    gapWithinMs: 10_000,
    routeTokens: 1_000,
  },
  scrapePath: '/metrics',
  mcpPath: '/mcp',
  alertWindowMs: 5 * 60_000,
  /** Long enough that a nightly job is not taken for a trend. */
  forecastWindowMs: 6 * 3_600_000,
  routing: { groupBy: ['alertname'], groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 },
  operations: {
    team: 'sre',
    runbookUrl: 'monitoring/runbook.md',
    grafanaUrl: 'http://localhost:3000',
    watchdogMs: 60_000,
  },
  sim: { latencyMs: { median: 15, p95: 60 } },
} as const;
