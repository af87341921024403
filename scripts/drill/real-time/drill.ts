import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { inhibits } from '../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import { planWaves } from '../../../monitoring/drill/synthetic/lanes.ts';
import { ROUTES_IN_REAL_TIME, readDrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { readDrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { UsageError } from '../../usage-error.ts';
import { LivePair } from '../attached/api.ts';
import { playOn, resultOf } from '../attached/drill.ts';
import { planDrill } from '../attached/plan.ts';
import type { AttachedOptions, AttachedPlan } from '../attached/types.ts';
import type { LiveDrill } from '../report/live.ts';
import { type Lane, startLane } from '../synthetic/lane.ts';
import type { Judged } from '../synthetic/results.ts';
import type { SyntheticDrillOptions, SyntheticDrillResult } from '../synthetic/types.ts';
import { loadableFiles } from './files.ts';

/** A drill of rule files and routes as they are, on a pair of its own and the clock of production. */
export interface RealTimeOptions
  extends Pick<AttachedOptions, 'alerts' | 'maxDurationMs' | 'output' | 'signal'>,
    Pick<SyntheticDrillOptions, 'files' | 'alertmanager' | 'tools' | 'scope' | 'dir'> {
  /** Of rule groups that name none. */
  readonly evaluationIntervalMs: number;
}

const LOOKBACK_MS = 300_000;
/** What Prometheus of a drill takes out of order, with some of it left for the start. */
const HISTORY_MS = 11 * 3_600_000;
const FOUND_DEADLINE_MS = 20_000;
const POLL_MS = 200;

/** Works out how each alert is drilled in real time, and how long that takes. Starts nothing that lasts. */
export function planRealTime(options: RealTimeOptions): Promise<AttachedPlan> {
  const { files, alertmanager, tools, evaluationIntervalMs } = options;
  const routes = readDrillRoutes(alertmanager, ROUTES_IN_REAL_TIME);
  if (Array.isArray(routes)) {
    throw new UsageError(`${alertmanager.path}:${routes[0]?.line ?? 1}: ${routes[0]?.rule ?? ''}`, null);
  }
  const source = {
    rules: readDrillRules(files),
    routes,
    externalLabels: {},
    relabelled: false,
    evaluationIntervalMs,
    historyMs: HISTORY_MS,
    alone: true,
    versions: { prometheus: tools.prometheus.version, alertmanager: tools.alertmanager.version },
    name: files.map(({ path }) => path).join(', '),
  };
  return planDrill(source, { ...options, promtool: tools.promtool, allowNotify: true, webhook: null });
}

/** Does it: alerts that would inhibit each other run on pairs of their own, beside each other. A pair that fails is a problem in the result. */
export function runRealTimeDrill(
  plan: AttachedPlan,
  options: RealTimeOptions,
  live: LiveDrill,
): Promise<SyntheticDrillResult> {
  const { routes, cases } = plan;
  const { rules } = readDrillRules(options.files);
  const played = cases.map((each) => each.played);
  const lanes = planWaves(played, new Sources(rules), routes.routing, Math.max(1, played.length)).flat();
  return resultOf(plan, options, async () => {
    const playing = lanes.map((lane, index) => {
      const own = cases.filter((each) => lane.cases.includes(each.played));
      return playLane({ ...plan, cases: own }, options, live, join(options.dir, `pair-${index + 1}`));
    });
    const settled = await Promise.allSettled(playing);
    const failed = settled.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  });
}

async function playLane(plan: AttachedPlan, options: RealTimeOptions, live: LiveDrill, dir: string): Promise<Judged[]> {
  const { tools, scope, signal } = options;
  const { routes } = plan;
  const lane = await startLane({ tools, scope, dir, routes, lookbackMs: LOOKBACK_MS });
  try {
    await loadUnchanged(lane, options);
    const pair = new LivePair(lane.prometheus.url, lane.alertmanager.url);
    await untilFound(pair, signal);
    const judged = await scope.guard(playOn(pair, plan, { server: lane.webhook, to: () => true }, options, live));
    return judged.map((each) => orInhibited(each, plan));
  } finally {
    await lane.stop();
  }
}

async function loadUnchanged({ prometheus, alertmanager }: Lane, options: RealTimeOptions): Promise<void> {
  const { files, evaluationIntervalMs } = options;
  const ruleFiles = loadableFiles(files, readDrillRules(files).problems);
  const config = stringify({
    global: { evaluation_interval: `${evaluationIntervalMs}ms` },
    rule_files: Object.keys(ruleFiles),
    storage: { tsdb: { out_of_order_time_window: '12h' } },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }] },
  });
  await prometheus.writeConfig(config, ruleFiles);
  await prometheus.reload();
}

async function untilFound(pair: LivePair, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + FOUND_DEADLINE_MS;
  while ((await pair.alertmanagers()) === 0) {
    if (performance.now() > deadline) {
      throw new HarnessError('Prometheus did not find its Alertmanager', { reason: pair.prometheusUrl });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** All rules run: series of one alert may fire another that inhibits it, as the routes say. That is no fault of either. */
function orInhibited(each: Judged, { routes }: AttachedPlan): Judged {
  const { observed, judgement, case: played } = each;
  const own = played.prediction.labels;
  const by = observed.others.find(({ labels }) => own.some((one) => inhibits(routes.routing, labels, one)));
  if (by === undefined || judgement.outcome !== 'fail' || !judgement.reason.includes('told')) return each;
  return {
    ...each,
    judgement: { outcome: 'undecided', reason: `its series also fire ${by.alert}, which inhibits it` },
  };
}
