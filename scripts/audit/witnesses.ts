import { type Candidate, candidatesFor } from '../../monitoring/audit/witness/find.ts';
import { impossibleByValues, provenImpossible } from '../../monitoring/audit/witness/impossible.ts';
import type {
  AlertRule,
  RecordingRule,
  Scenario,
  Witness,
  WitnessResult,
} from '../../monitoring/audit/witness/types.ts';
import { runTrials } from './batches.ts';
import type { Trial, TrialFile } from './promtool-batch.ts';
import type { TrialResult } from './promtool-output.ts';

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

interface Search {
  readonly key: string;
  readonly rule: AlertRule;
  readonly candidates: Iterator<Candidate>;
  candidate: Candidate | null;
  tried: number;
  /** Why promtool cannot load the rule. */
  refused: string | null;
  fired: { readonly result: TrialResult; readonly fireAtMs: number } | null;
  near: Confirmation;
  healthy: Confirmation;
  brief: Confirmation;
  episode: Confirmation;
}

/** A scenario that waits for promtool, or was confirmed. */
interface Confirmation {
  asked: Scenario | null;
  found: Scenario | null;
}

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
    const candidates = candidatesFor(searchRule(rule), {
      leftOpen,
      now: () => performance.now(),
      limitMs: searchLimitMs,
    });
    searches.push({
      key: `a${index}`,
      rule,
      candidates,
      candidate: null,
      tried: 0,
      refused: null,
      fired: null,
      near: open(),
      healthy: open(),
      brief: open(),
      episode: open(),
    });
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

function open(): Confirmation {
  return { asked: null, found: null };
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

/** The trials that a search needs next; none when it has nothing left to try. */
function nextTrials(search: Search): Trial[] {
  if (search.fired === null) {
    const next = search.candidates.next();
    search.candidate = next.done === true ? null : next.value;
    search.tried += 1;
  }
  const { candidate, key } = search;
  if (candidate === null) return [];
  const { intervalMs, evaluationMs } = candidate;
  const trial = (name: string, { series }: { series: Scenario['series'] }, endMs: number, labels = false): Trial => ({
    id: `${key}.${name}`,
    series,
    intervalMs,
    evaluationMs,
    endMs,
    labels,
  });
  const trials: Trial[] = [];
  if (search.fired === null) {
    trials.push(trial('fires', candidate, candidate.fireAtMs, true));
    search.brief.asked = candidate.brief;
    search.episode.asked = candidate.episode;
    if (candidate.brief !== null) trials.push(trial('brief', candidate.brief, candidate.endMs));
    if (candidate.episode !== null) trials.push(trial('episode', candidate.episode, candidate.episode.endMs));
  }
  for (const name of ['near', 'healthy'] as const) {
    if (search[name].found !== null) continue;
    const next = candidate[name].next();
    search[name].asked = next.done === true ? null : next.value;
    if (next.done !== true) trials.push(trial(name, next.value, candidate.endMs));
  }
  return trials;
}

/** Takes in what promtool said. True when nothing is left to ask. */
function settle(search: Search, results: ReadonlyMap<string, TrialResult>): boolean {
  const { candidate, key } = search;
  if (candidate === null) return true;
  if (search.fired === null) {
    const result = results.get(`${key}.fires`);
    if (result === undefined || result.firing.length === 0) return false;
    const early = Math.max(0, result.evaluationsFired - 1) * candidate.evaluationMs;
    search.fired = { result, fireAtMs: candidate.fireAtMs - early };
    if (silent(results.get(`${key}.brief`))) search.brief.found = search.brief.asked;
    if ((results.get(`${key}.episode`)?.evaluationsFired ?? 0) > 0) search.episode.found = search.episode.asked;
  }
  for (const name of ['near', 'healthy'] as const) {
    if (search[name].found === null && search[name].asked !== null && silent(results.get(`${key}.${name}`)))
      search[name].found = search[name].asked;
  }
  const unanswered = (['near', 'healthy'] as const).some(
    (name) => search[name].found === null && search[name].asked !== null,
  );
  return !unanswered;
}

function silent(result: TrialResult | undefined): boolean {
  return result?.evaluationsFired === 0;
}

function resultOf(search: Search): WitnessResult {
  const { rule, fired, candidate } = search;
  if (search.refused !== null) {
    return {
      outcome: 'unsupported',
      construct: `this promtool refuses the rule: ${search.refused}`,
      at: { from: rule.ast.from, to: rule.ast.to },
    };
  }
  if (fired === null || candidate === null) {
    const proof = provenImpossible(rule.ast);
    if (proof !== null) return { outcome: 'impossible', ...proof };
    const after =
      search.tried <= 1
        ? 'no input that fires was found in the model'
        : `${search.tried - 1} inputs that promtool did not confirm`;
    return { outcome: 'gaveUp', after };
  }
  const near = search.near.found;
  const witness: Witness = {
    series: candidate.series,
    intervalMs: candidate.intervalMs,
    evaluationMs: candidate.evaluationMs,
    endMs: candidate.endMs,
    activeAtMs: Math.max(0, fired.fireAtMs - (candidate.fireAtMs - candidate.activeAtMs)),
    fireAtMs: fired.fireAtMs,
    forMs: rule.forMs,
    firingLabels: fired.result.firing.map(({ labels }) => labels),
    firingAnnotations: fired.result.firing.map(({ annotations }) => annotations),
    recordingRules: [],
    near,
    brief: search.brief.found,
    episode: search.episode.found as Witness['episode'],
    healthy: search.healthy.found,
    alwaysFires: near === null && search.healthy.found === null,
  };
  return { outcome: 'found', witness };
}
