import { join } from 'node:path';
import type { CaseInput, SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { controlCase } from '../../../monitoring/drill/synthetic/control.ts';
import { deployedRules } from '../../../monitoring/drill/synthetic/deployed.ts';
import { judgeCase } from '../../../monitoring/drill/synthetic/judge.ts';
import { planWaves } from '../../../monitoring/drill/synthetic/lanes.ts';
import { type DrillRoutes, readDrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { type DrillRule, type DrillRules, readDrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import type { Pace } from '../../../monitoring/drill/synthetic/unit-clock.ts';
import { LagMeter } from '../lag.ts';
import { syntheticSteps } from '../report/state.ts';
import { explainOthers } from './explain.ts';
import { findInputs } from './inputs.ts';
import { startLanes } from './lanes.ts';
import { planAtPace } from './paced-plan.ts';
import { collectResults, type Judged } from './results.ts';
import type { SyntheticDrillOptions, SyntheticDrillResult } from './types.ts';
import { playWave } from './wave.ts';

/** As the audit's search for witnesses assumes; evaluations as often as two processors bear for some hundred rules. */
const PACE: Pace = {
  scrapeIntervalMs: 15_000,
  evaluationIntervalMs: 60_000,
  wallEvaluationMs: 200,
  wallSampleMs: 50,
  maxFactor: 1_500,
};
/** A case that the machine spoiled is tried again, each time on a slower clock. */
const SLOWER = [1, 2.5, 5];
/** Monitoring pairs that run at once. */
const LANES_AT_ONCE = 4;

/** What is the same for all attempts. */
interface Drill {
  readonly options: SyntheticDrillOptions;
  readonly rules: DrillRules;
  readonly sources: Sources;
  readonly inputs: readonly CaseInput[];
  readonly deployed: ReadonlyMap<number, DrillRule | null>;
  readonly expected: DrillRoutes;
  readonly routes: DrillRoutes;
  readonly pace: Pace;
  readonly report: (text: string) => void;
}

/**
 * Drills alerts on series of their own: for each one healthy and faulty series are found, written into a real Prometheus on a fast clock, and
 * its way to the receivers of a real Alertmanager and back is compared with what promtool says of the unscaled rule. All run at once.
 * Problems of files, alerts that cannot be drilled and a pair that fails are in the result; only an aborted signal is thrown.
 */
export async function runSyntheticDrill(options: SyntheticDrillOptions): Promise<SyntheticDrillResult> {
  const { files, alertmanager, reference, tools, signal, plan, onProgress = () => {} } = options;
  const routes = readDrillRoutes(alertmanager);
  const expected = reference === undefined ? routes : readDrillRoutes(reference.alertmanager);
  const rules = readDrillRules(reference?.files ?? files);
  const running = reference === undefined ? null : readDrillRules(files);
  const fileProblems = [...rules.problems, ...(running?.problems ?? [])];
  if (Array.isArray(routes)) return collectResults({ options, rules, fileProblems: [...fileProblems, ...routes] });
  if (Array.isArray(expected)) return collectResults({ options, rules, fileProblems: [...fileProblems, ...expected] });
  const wanted = rules.rules.filter((rule) => rule.kind === 'alert' && isDrilled(plan?.(rule)?.mode));
  const all = new Sources(rules.rules);
  const progress = (settled: number, total: number) => onProgress(`series for ${settled} of ${total} alerts`);
  const { inputs, undrillable } = await findInputs(wanted, all, {
    promtool: tools.promtool,
    signal,
    onProgress: progress,
    cacheDir: options.cacheDir ?? null,
  });
  const drill: Drill = {
    options,
    rules,
    sources: all.feeding(new Set(inputs.filter(({ through }) => !through).map(({ rule }) => rule.id))),
    inputs,
    deployed: running === null ? new Map() : deployedRules(rules.rules, running.rules),
    expected,
    routes,
    pace: { ...PACE, ...options.pace },
    report: onProgress,
  };
  return attemptAll(drill, undrillable, fileProblems);
}

function isDrilled(mode: string | undefined): boolean {
  return mode === undefined || mode === 'full' || mode === 'firing' || mode === 'always';
}

async function attemptAll(
  drill: Drill,
  undrillable: readonly Undrillable[],
  fileProblems: SyntheticDrillResult['fileProblems'],
): Promise<SyntheticDrillResult> {
  const { options, rules, routes } = drill;
  const judged = new Map<number, Judged>();
  const lost = [...undrillable];
  const startedAt = performance.now();
  const collected = { options, rules, fileProblems, routes, judged, undrillable: lost };
  let inputs = drill.inputs;
  let playedMs = 0;
  try {
    for (const [attempt, slower] of SLOWER.slice(0, options.attempts ?? SLOWER.length).entries()) {
      if (inputs.length === 0) break;
      const pace = { ...drill.pace, wallEvaluationMs: Math.round(drill.pace.wallEvaluationMs * slower) };
      const planned = await planAtPace(inputs, drill.sources, pace, modeOf(options), oracleOf(options));
      if (attempt === 0) lost.push(...planned.undrillable);
      const control = controlCase(planned.cases);
      const cases = control === null ? planned.cases : [...planned.cases, control];
      const began = performance.now();
      await play(drill, cases, attempt + 1, (each) => judged.set(each.case.rule.id, each));
      playedMs += performance.now() - began;
      inputs = inputs.filter(({ rule }) => judged.get(rule.id)?.judgement.outcome === 'undecided');
    }
    return collectResults({ ...collected, wallMs: playedMs });
  } catch (error) {
    options.signal.throwIfAborted();
    return collectResults({ ...collected, wallMs: performance.now() - startedAt, error });
  }
}

/** Plays some cases, in as many waves as they need. */
async function play(
  drill: Drill,
  cases: readonly SyntheticCase[],
  attempt: number,
  settle: (judged: Judged) => void,
): Promise<void> {
  const { options, sources, expected, routes, deployed, pace, report } = drill;
  const { tools, scope, signal, dir, plan } = options;
  for (const [number, wave] of planWaves(cases, sources, expected.routing, LANES_AT_ONCE).entries()) {
    const scripts = new Set(wave.flatMap((lane) => lane.scripts));
    const own = cases.filter((each) => each.scripts.some((script) => scripts.has(script)));
    const folder = join(dir, `attempt-${attempt}`, `wave-${number + 1}`);
    const lag = new LagMeter();
    const lanes = await startLanes(wave, { tools, scope, routes, dir: folder });
    try {
      const playing = playWave({
        lanes,
        cases: own,
        routes: expected,
        lag,
        signal,
        quickDiscovery: Number.parseInt(tools.prometheus.version, 10) >= 3,
        load: { deployed, evaluationIntervalMs: pace.evaluationIntervalMs },
        onLook: (seen, due) => {
          report(`${[...seen.values()].filter(({ firingAtMs }) => firingAtMs !== null).length} of ${own.length} fired`);
          for (const step of syntheticSteps(seen, due, Date.now())) options.onState?.(step);
        },
      });
      const played = await scope.guard(playing);
      const explained = await explainOthers(played, {
        cases,
        sources,
        stepMs: pace.evaluationIntervalMs,
        consequencesOf: ({ rule }) => plan?.(rule)?.consequences ?? [],
        oracle: oracleOf(options),
      });
      for (const each of explained) {
        const { missedEvaluations, disturbance: reason } = each;
        const judgement = judgeCase(each.case, each.expected, each.observed, { missedEvaluations, reason });
        settle({ ...each, judgement, attempts: attempt });
      }
    } finally {
      lag.stop();
      await Promise.all(lanes.map(({ lane }) => lane.stop()));
    }
  }
}

function modeOf({ plan }: SyntheticDrillOptions) {
  return ({ rule, alwaysFires }: CaseInput) => plan?.(rule)?.mode ?? (alwaysFires ? 'always' : 'full');
}

function oracleOf({ tools, signal }: SyntheticDrillOptions) {
  return { promtool: tools.promtool.path, signal };
}
