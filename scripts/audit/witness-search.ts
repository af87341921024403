import type { Candidate } from '../../monitoring/audit/witness/find.ts';
import { noSeriesDecides, provenImpossible } from '../../monitoring/audit/witness/impossible.ts';
import type { AlertRule, Episode, Scenario, Witness, WitnessResult } from '../../monitoring/audit/witness/types.ts';
import type { Trial } from './promtool-batch.ts';
import type { TrialResult } from './promtool-output.ts';

/** The search for the witness of one alert, between what promtool says. */
export interface Search {
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
  episode: Confirmation<Episode>;
}

/** A scenario that waits for promtool, or was confirmed. */
interface Confirmation<T extends Scenario = Scenario> {
  asked: T | null;
  found: T | null;
}

function open<T extends Scenario>(): Confirmation<T> {
  return { asked: null, found: null };
}

export function startSearch(key: string, rule: AlertRule, candidates: Iterator<Candidate>): Search {
  return {
    key,
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
  };
}

/** The trials that a search needs next; none when it has nothing left to try. */
export function nextTrials(search: Search): Trial[] {
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
export function settle(search: Search, results: ReadonlyMap<string, TrialResult>): boolean {
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

export function resultOf(search: Search): WitnessResult {
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
    episode: search.episode.found,
    healthy: search.healthy.found,
    alwaysFires: near === null && search.healthy.found === null && noSeriesDecides(rule.ast),
  };
  return { outcome: 'found', witness };
}
