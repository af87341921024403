import { availableParallelism, loadavg } from 'node:os';
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
import { type Played, playWave } from './wave.ts';

/** As the audit's search for witnesses assumes; evaluations as often as two processors bear for some hundred rules. */
const PACE: Pace = {
  scrapeIntervalMs: 60_000,
  evaluationIntervalMs: 60_000,
  wallEvaluationMs: 200,
  wallSampleMs: 50,
  maxFactor: 1_500,
};
/** Cases that are played at once at each attempt: those that the machine spoiled are tried again with fewer beside them. */
const CASES_AT_ONCE = [Number.POSITIVE_INFINITY, 70, 25];
/** Processes that wait for each processor, from which on a machine counts as busy. */
const BUSY_LOAD = 1.5;
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
    routing: expected.routing,
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
  let playedMs = 0;
  try {
    const planned = await planAtPace(drill.inputs, drill.sources, drill.pace, modeOf(options), oracleOf(options));
    lost.push(...planned.undrillable);
    const control = controlCase(planned.cases);
    let waiting = control === null ? planned.cases : [control, ...planned.cases];
    for (let attempt = 1; attempt <= (options.attempts ?? CASES_AT_ONCE.length) && waiting.length > 0; attempt += 1) {
      const began = performance.now();
      for (const [number, some] of batches(waiting, casesAtOnce(attempt)).entries()) {
        const played = await play(drill, some, join(options.dir, `attempt-${attempt}`, `part-${number + 1}`));
        for (const each of await judge(drill, played, planned.cases)) {
          judged.set(each.case.rule.id, { ...each, attempts: attempt });
        }
      }
      playedMs += performance.now() - began;
      waiting = waiting.filter(({ rule }) => judged.get(rule.id)?.judgement.outcome === 'undecided');
    }
    return collectResults({ ...collected, wallMs: playedMs });
  } catch (error) {
    options.signal.throwIfAborted();
    return collectResults({ ...collected, wallMs: performance.now() - startedAt, error });
  }
}

/** How many cases are played at once: fewer where the machine is busy already, and where it spoiled them before. */
function casesAtOnce(attempt: number): number {
  const busy = (loadavg()[0] ?? 0) / availableParallelism() > BUSY_LOAD ? 1 : 0;
  return CASES_AT_ONCE[Math.min(attempt - 1 + busy, CASES_AT_ONCE.length - 1)] ?? Number.POSITIVE_INFINITY;
}

function batches<T>(items: readonly T[], most: number): T[][] {
  const count = Math.max(1, Math.ceil(items.length / most));
  return Array.from({ length: count }, (_, part) =>
    items.slice(Math.round((part * items.length) / count), Math.round(((part + 1) * items.length) / count)),
  );
}

/** Plays some cases, in as many waves as they need. */
async function play(drill: Drill, cases: readonly SyntheticCase[], folder: string): Promise<Played[]> {
  const { options, sources, expected, routes, deployed, pace, report } = drill;
  const { tools, scope, signal } = options;
  const played: Played[] = [];
  for (const [number, wave] of planWaves(cases, sources, expected.routing, LANES_AT_ONCE).entries()) {
    const scripts = new Set(wave.flatMap((lane) => lane.scripts));
    const own = cases.filter((each) => each.scripts.some((script) => scripts.has(script)));
    const lag = new LagMeter();
    const lanes = await startLanes(wave, { tools, scope, routes, dir: join(folder, `wave-${number + 1}`) });
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
      played.push(...(await scope.guard(playing)));
    } finally {
      lag.stop();
      await Promise.all(lanes.map(({ lane }) => lane.stop()));
    }
  }
  return played;
}

/** Judges what was played; promtool is asked about whatever else fired. */
async function judge(
  { options, sources, pace }: Drill,
  played: readonly Played[],
  cases: readonly SyntheticCase[],
): Promise<Omit<Judged, 'attempts'>[]> {
  const explained = await explainOthers(played, {
    cases,
    sources,
    stepMs: pace.evaluationIntervalMs,
    consequencesOf: ({ rule }) => options.plan?.(rule)?.consequences ?? [],
    oracle: oracleOf(options),
  });
  return explained.map((each) => {
    const { missedEvaluations, disturbance: reason } = each;
    return { ...each, judgement: judgeCase(each.case, each.expected, each.observed, { missedEvaluations, reason }) };
  });
}

function modeOf({ plan }: SyntheticDrillOptions) {
  return ({ rule, alwaysFires }: CaseInput) => plan?.(rule)?.mode ?? (alwaysFires ? 'always' : 'full');
}

function oracleOf({ tools, signal }: SyntheticDrillOptions) {
  return { promtool: tools.promtool.path, signal };
}
