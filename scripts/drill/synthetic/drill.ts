import { join } from 'node:path';
import type { SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { CONTROL_NAME, controlCase } from '../../../monitoring/drill/synthetic/control.ts';
import { judgeCase } from '../../../monitoring/drill/synthetic/judge.ts';
import { assignLanes, type LaneMember } from '../../../monitoring/drill/synthetic/lanes.ts';
import { type DrillRoutes, readDrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { readDrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import { type Pace, type ScaledUnit, scaleUnits } from '../../../monitoring/drill/synthetic/scaled-units.ts';
import { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { LagMeter } from '../lag.ts';
import { draftCases, onClock } from './drafts.ts';
import { findInputs } from './inputs.ts';
import { startLane } from './lane.ts';
import { planCases } from './plan.ts';
import type { SyntheticDrillOptions } from './types.ts';
import { type LoadedLane, type Played, playWave } from './wave.ts';

const PACE: Pace = {
  scrapeIntervalMs: 15_000,
  evaluationIntervalMs: 60_000,
  wallEvaluationMs: 200,
  wallSampleMs: 50,
  maxFactor: 1_500,
};

export async function sliceDrill(options: SyntheticDrillOptions) {
  const { files, tools, signal, onProgress = () => {} } = options;
  const pace = { ...PACE, ...options.pace };
  const t0 = performance.now();
  const lap = (what: string) => onProgress(`${what} ${Math.round(performance.now() - t0)} ms`);
  const { rules, unreadable, problems: fileProblems } = readDrillRules(files);
  const routes = readDrillRoutes(options.alertmanager) as DrillRoutes;
  const sources = new Sources([]);
  const { inputs, undrillable } = await findInputs(rules.filter(({ kind }) => kind === 'alert'), { promtool: tools.promtool, signal });
  lap('inputs');
  const drafted = draftCases(inputs, sources, pace);
  lap('drafted');
  const planned = await planCases(drafted.drafts, () => 'full', { promtool: tools.promtool.path, signal });
  lap('planned');
  const control = controlCase(planned.cases);
  const cases = control === null ? planned.cases : [...planned.cases, control];
  const scaled = new Map(drafted.scaled);
  if (control !== null) for (const each of scaleUnits([control.unit], { ...pace, maxFactor: control.clock.factor }, () => null)) scaled.set('control', each);
  const members = cases.flatMap(({ scripts, prediction }): LaneMember[] => scripts.map((script) => ({ script, firing: script.role === 'fault' ? prediction.labels : [] })));
  const lanes = assignLanes(members, sources, routes.routing);
  lap(`lanes ${lanes.map((lane) => lane.length)}`);
  const loaded: LoadedLane[] = [];
  const lag = new LagMeter();
  try {
    await Promise.all(lanes.map(async (lane, index) => {
      const marked = lane.some(({ script }) => script.context !== null);
      const own = new Set(lane.map(({ script }) => script.rule.id));
      const alerts = marked ? new Set(cases.filter(({ scripts }) => scripts[0]?.context != null).map(({ rule }) => rule.id)) : own;
      const names = new Set(cases.filter(({ rule }) => alerts.has(rule.id)).map(({ unit }) => unit.name));
      const units = [...scaled.values()].filter(({ unit }) => names.has(unit.name));
      const started = await startLane({ tools, scope: options.scope, dir: join(options.dir, `lane-${index}`), routes, lookbackMs: Math.max(400, ...units.map(({ wallLookbackMs }) => wallLookbackMs)) });
      loaded.push({ lane: started, members: lane, alerts, units: (placements) => units.map((unit: ScaledUnit) => onClock(unit, placements.get(unit.unit.name), pace)) });
    }));
    lap('lanes started');
    const played = await playWave({ lanes: loaded, cases, routes, lag, signal, mayFire: () => true });
    lap('played');
    return { fileProblems, unreadable, undrillable: [...undrillable, ...drafted.undrillable, ...planned.undrillable], played: played.map((each) => ({ ...each, judged: judgeCase(each.case, each.expected, each.observed, { missedEvaluations: each.missedEvaluations, reason: each.disturbance }) })) };
  } finally {
    lag.stop();
    await Promise.all(loaded.map(({ lane }) => lane.stop()));
  }
}
