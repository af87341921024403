import { PLAN_VARIABLE } from '../../scenarios/lib/row.ts';
import { LABEL, ROW_TAG } from '../../thresholds/names.ts';
import type { LoadPlan, PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { requestsPerIteration } from '../../thresholds/plan-load.ts';
import { type ScenarioStep, scenariosOf } from './executors.ts';
import { type Cut, METRIC_KEY, rowCut, SESSION_CUT, scenarioCut } from './metric-keys.ts';
import { providerName } from './row-base.ts';

type Threshold = string | { threshold: string; abortOnFail: true; delayAbortEval: string };

/** k6's options as its `--config` file takes them: there they are read once, in the script once for each virtual user. */
export interface K6Options {
  scenarios: Record<string, Record<string, unknown>>;
  thresholds: Record<string, Threshold[]>;
  systemTags: string[];
  summaryTrendStats: string[];
  maxRedirects: number;
  insecureSkipTLSVerify: boolean;
}

/** Over this share of dropped arrivals a judgement is spoilt. */
export const MAX_DROPPED_SHARE = 0.01;
/** A step of a ladder is not given up before this time: its first seconds hold too few answers. */
const STEP_GRACE_MS = 5_000;

/** Scenarios, one or more for each endpoint, and the thresholds that the catalogue promises, cut by row. */
export function k6Options(plan: LoadPlan): K6Options {
  const scenarios: K6Options['scenarios'] = {};
  const thresholds: K6Options['thresholds'] = {};
  const quantiles = new Set([0.5, 0.9, 0.95, 0.99]);
  for (const [index, planned] of plan.endpoints.entries()) {
    const steps = scenariosOf(planned, index);
    if (steps.length === 0) continue;
    Object.assign(thresholds, thresholdsOf(planned, rowCut(planned.row)));
    for (const { quantile } of planned.endpoint.objectives.latency) quantiles.add(quantile);
    for (const step of steps) {
      scenarios[step.name] = {
        ...step.executor,
        exec: execOf(planned),
        env: { [PLAN_VARIABLE.row]: String(index) },
        tags: tagsOf(planned, plan.environment),
        // Long enough for the slowest answer that the timeout allows: none is lost.
        gracefulStop: `${planned.endpoint.timeoutMs + 1_000}ms`,
      };
      thresholds[METRIC_KEY.dropped(step.name)] = ['count>=0'];
      if (planned.schedule.kind === 'ladder') Object.assign(thresholds, ladderThresholds(planned, step));
    }
  }
  // Requests outside any row: without a threshold k6 would not count them apart.
  if (plan.endpoints.some(({ service }) => requestsPerIteration(service) > 1)) {
    thresholds[METRIC_KEY.requests(SESSION_CUT)] = ['count>=0'];
  }
  return {
    scenarios,
    thresholds,
    // `url` and `name` would make a series for each value of a parameter; the row says it already.
    systemTags: ['scenario', 'status', 'expected_response', 'error_code'],
    summaryTrendStats: ['count', 'avg', 'max', ...[...quantiles].map(percentileKey)],
    // A redirect is an answer of the endpoint, to be expected or not.
    maxRedirects: 0,
    insecureSkipTLSVerify: plan.endpoints.some(({ service }) => service.tls.insecure),
  };
}

/** How k6 calls a percentile: 0.95 is `p(95)`. */
export function percentileKey(quantile: number): string {
  return `p(${Number((quantile * 100).toPrecision(8))})`;
}

function thresholdsOf({ endpoint }: PlannedEndpoint, cut: Cut): Record<string, string[]> {
  const { latency, success, meanMs, maxMs } = endpoint.objectives;
  const timing = [
    ...latency.map(({ quantile, limitMs }) => `${percentileKey(quantile)}<=${limitMs}`),
    ...(meanMs === null ? [] : [`avg<=${meanMs}`]),
    ...(maxMs === null ? [] : [`max<=${maxMs}`]),
  ];
  return {
    [METRIC_KEY.checks(cut)]: [`rate>=${success}`],
    [METRIC_KEY.iterations(cut)]: ['count>0'],
    [METRIC_KEY.requests(cut)]: ['count>0'],
    [METRIC_KEY.exceptions(cut)]: ['count==0'],
    [METRIC_KEY.duration(cut)]: timing.length > 0 ? timing : ['max>=0'],
    ...Object.fromEntries(latency.map(({ name }) => [METRIC_KEY.overLimit(cut, name), ['count>=0']])),
  };
}

/** A step of a ladder is judged by itself, and a broken one ends the run: higher ones could only tell less. */
function ladderThresholds(
  planned: PlannedEndpoint,
  { name, startMs, iterations }: ScenarioStep,
): K6Options['thresholds'] {
  const cut = scenarioCut(name);
  const own = Object.entries(thresholdsOf(planned, cut)).map(([key, conditions]): [string, Threshold[]] => [
    key,
    [METRIC_KEY.checks(cut), METRIC_KEY.duration(cut)].includes(key)
      ? conditions.map((condition) => abortsRun(condition, startMs))
      : ['count>=0'],
  ]);
  const dropped = `count<=${Math.ceil(iterations * MAX_DROPPED_SHARE)}`;
  return { ...Object.fromEntries(own), [METRIC_KEY.dropped(name)]: [abortsRun(dropped, startMs)] };
}

function abortsRun(threshold: string, startMs: number): Threshold {
  return { threshold, abortOnFail: true, delayAbortEval: `${startMs + STEP_GRACE_MS}ms` };
}

function tagsOf({ row, service, endpoint }: PlannedEndpoint, environment: string): Record<string, string> {
  return {
    [ROW_TAG]: row,
    [LABEL.system]: service.system,
    [LABEL.service]: service.id,
    [LABEL.environment]: environment,
    ...(service.kind === 'llm' ? { provider: providerName(service, endpoint) } : { endpoint: endpoint.id }),
  };
}

function execOf({ service }: PlannedEndpoint): string {
  if (service.kind !== 'mcp') return service.kind;
  if (service.mcp.transport === 'openapi') return 'http';
  return service.mcp.era === 'legacy' ? 'mcpLegacy' : 'mcp';
}
