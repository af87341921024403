import { candidatesFor } from '../../monitoring/audit/witness/find.ts';
import { impossibleByValues } from '../../monitoring/audit/witness/impossible.ts';
import type { AlertRule, RecordingRule, WitnessResult } from '../../monitoring/audit/witness/types.ts';
import { quotedName } from '../../monitoring/promql/legacy-names.ts';
import { runTrials } from './batches.ts';
import type { TrialFile } from './promtool-batch.ts';
import { nextTrials, resultOf, type Search, settle, startSearch } from './witness-search.ts';

export interface WitnessesOptions {
  readonly rules: readonly AlertRule[];
  readonly recordingRules: readonly RecordingRule[];
  /** Path and version of promtool. */
  readonly promtool: { readonly path: string; readonly version: string };
  readonly signal?: AbortSignal | undefined;
  /** Time for the search of one alert, without promtool; 1,500 ms by default. */
  readonly searchLimitMs?: number;
  /** Time for one promtool process; 60 s by default. */
  readonly processTimeoutMs?: number;
  /** promtool processes at once; 2 by default. */
  readonly processes?: number;
  /** Told after each round: how many alerts are settled. */
  readonly onProgress?: (settled: number, total: number) => void;
}

/** How often promtool is asked about further candidates of a rule. */
const ROUNDS = 6;

/**
 * For every alert series that make it fire, a near miss and a healthy set, each seen in the real promtool; or why there are none.
 * The search yields to the event loop between rules; an aborted signal ends promtool and rejects.
 */
export async function findWitnesses(options: WitnessesOptions): Promise<Map<AlertRule, WitnessResult>> {
  const { rules, promtool, signal, searchLimitMs = 1_500, processTimeoutMs = 60_000, processes = 2 } = options;
  const leftOpen = Number.parseInt(promtool.version, 10) >= 3;
  const results = new Map<AlertRule, WitnessResult>();
  const searches: Search[] = [];
  for (const [index, rule] of rules.entries()) {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const never = impossibleByValues(rule.ast);
    if (never !== null) {
      results.set(rule, { outcome: 'impossible', ...never });
      continue;
    }
    const quoted = leftOpen ? null : quotedName(rule.ast);
    if (quoted !== null) {
      const construct = `the name ${JSON.stringify(quoted)} in quotes, which needs Prometheus 3`;
      results.set(rule, { outcome: 'unsupported', construct, at: { from: rule.ast.from, to: rule.ast.to } });
      continue;
    }
    const candidates = candidatesFor(searchRule(rule), {
      leftOpen,
      now: () => performance.now(),
      limitMs: searchLimitMs,
    });
    searches.push(startSearch(`a${index}`, rule, candidates));
  }
  let waiting = searches;
  for (let round = 0; round < ROUNDS && waiting.length > 0; round += 1) {
    const files: TrialFile[] = [];
    for (const search of waiting) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      files.push({ rule: search.rule, recordingRules: [], trials: nextTrials(search) });
    }
    const found = await runTrials(files, { promtool: promtool.path, timeoutMs: processTimeoutMs, signal, processes });
    for (const search of waiting) search.refused = found.refused.get(search.rule) ?? null;
    waiting = waiting.filter((search) => search.refused === null && !settle(search, found.trials));
    options.onProgress?.(searches.length - waiting.length, searches.length);
  }
  for (const search of searches) results.set(search.rule, resultOf(search));
  return results;
}

function searchRule(rule: AlertRule): Parameters<typeof candidatesFor>[0] {
  const { ast, forMs, keepFiringForMs, groupIntervalMs, labels, annotations } = rule;
  const texts = [...Object.values(labels), ...Object.values(annotations)].join('\n');
  const mentioned = [...texts.matchAll(/\$labels\.([a-zA-Z_]\w*)|\.Labels\.([a-zA-Z_]\w*)/g)].map(
    ([, plain, dotted]) => plain ?? dotted ?? '',
  );
  return {
    expr: ast,
    forMs,
    keepFiringForMs,
    groupIntervalMs,
    mentioned: [...new Set(mentioned)].filter((label) => label !== 'alertname'),
  };
}
