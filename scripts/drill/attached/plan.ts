import { randomBytes } from 'node:crypto';
import { receiversOf } from '../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import type { WitnessSeries } from '../../../monitoring/audit/witness/types.ts';
import { DRILL_LABEL, reading } from '../../../monitoring/drill/attached/apart.ts';
import { liveRuleFiles } from '../../../monitoring/drill/attached/rule-text.ts';
import type { SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import type { Waits } from '../../../monitoring/drill/synthetic/draft.ts';
import { type DrillRoutes, ROUTES_IN_REAL_TIME, readDrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { type DrillRule, type DrillRules, readDrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { UsageError } from '../../usage-error.ts';
import { findInputs } from '../synthetic/inputs.ts';
import { planCases } from '../synthetic/plan.ts';
import type { LivePair } from './api.ts';
import { readConfiguration } from './configuration.ts';
import { draftOf, marked } from './draft.ts';
import { danger, refusal, tooLong } from './refuse.ts';
import type { AttachedCase, AttachedOptions, AttachedPlan } from './types.ts';

/** A Prometheus takes samples of the last hour from a new series; some of it is left for the start. */
const HISTORY_MS = 50 * 60_000;
/** Prometheus's own evaluation interval. */
const EVALUATION_MS = 60_000;
/** For Alertmanager to hold what Prometheus sent, and for a webhook to come through. */
const DELIVERY_MS = 5_000;
const RESOLVE_MS = 6 * 3_600_000;

type PlanOptions = Pick<
  AttachedOptions,
  'promtool' | 'signal' | 'output' | 'maxDurationMs' | 'alerts' | 'allowNotify' | 'webhook'
>;

/** What is to be drilled, wherever it runs. */
export interface PlanSource {
  readonly rules: DrillRules;
  readonly routes: DrillRoutes;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** Prometheus changes the labels of its alerts before it sends them. */
  readonly relabelled: boolean;
  /** Of groups that name none. */
  readonly evaluationIntervalMs: number;
  /** Prometheus takes samples of so long ago. */
  readonly historyMs: number;
  /** True: nobody else looks at these series and alerts. */
  readonly alone: boolean;
  readonly versions: AttachedPlan['versions'];
  /** What it is called in a message. */
  readonly name: string;
}

/** Reads what a pair runs and works out which of its alerts can be drilled without touching anything else. Writes nothing. */
export async function planAttached(pair: LivePair, options: AttachedOptions): Promise<AttachedPlan> {
  const [groups, { file, version }, prometheus, configuration, alertmanagers] = await Promise.all([
    pair.ruleGroups(),
    pair.routes(),
    pair.version(),
    pair.configuration(),
    pair.alertmanagers(),
  ]);
  if (alertmanagers === 0) {
    throw new UsageError(
      `${pair.prometheusUrl} sends its alerts to no Alertmanager`,
      'see alerting: in its configuration',
    );
  }
  const routes = readDrillRoutes(file, ROUTES_IN_REAL_TIME);
  if (Array.isArray(routes)) {
    throw new UsageError(`the routes of ${pair.alertmanagerUrl} cannot be read: ${routes[0]?.rule ?? ''}`, null);
  }
  const source: PlanSource = {
    ...readConfiguration(configuration),
    rules: readDrillRules(liveRuleFiles(groups)),
    routes,
    evaluationIntervalMs: EVALUATION_MS,
    historyMs: HISTORY_MS,
    alone: false,
    versions: { prometheus, alertmanager: version },
    name: pair.prometheusUrl,
  };
  return planDrill(source, options);
}

/** Works out which alerts can be drilled in real time, how, and what it takes. */
export async function planDrill(source: PlanSource, options: PlanOptions): Promise<AttachedPlan> {
  const { promtool, signal, output, maxDurationMs } = options;
  const { rules, routes, externalLabels, relabelled, historyMs, alone } = source;
  const wanted = chosen(rules.rules, options.alerts, source.name);
  const id = `${Date.now().toString(36)}${randomBytes(2).toString('hex')}`;
  const sources = new Sources(rules.rules);
  const refused: Undrillable[] = [];
  const apart = wanted.filter((rule) => {
    const reason = refusal(rule, sources, { relabelled: relabelled && !options.allowNotify, alone });
    if (reason !== null) refused.push({ rule, outcome: 'inconclusive', reason });
    return reason === null;
  });
  output.progress(`  reading ${apart.length} alerts`);
  const { inputs, undrillable } = await findInputs(apart, sources, { promtool, signal });
  refused.push(...undrillable);
  const fed = sources.feeding(new Set(inputs.filter(({ through }) => !through).map(({ rule }) => rule.id)));
  const waits = waitsOf(options, source);
  const drafts = inputs.flatMap((input) => {
    // Before promtool is asked: it would look at each evaluation of a window of 30 days.
    const atLeastMs = input.holdFromMs + input.rule.forMs + waits.deliveryMs - historyMs;
    const reason = tooLong(atLeastMs, maxDurationMs);
    if (reason === null) return [draftOf(marked(input, id), fed, { id, waits, source })];
    refused.push({ rule: input.rule, outcome: 'inconclusive', reason });
    return [];
  });
  const planned = await planCases(drafts, () => 'full', { promtool: promtool.path, signal });
  refused.push(...planned.undrillable);
  const cases = planned.cases
    .toSorted((a, b) => a.rule.id - b.rule.id)
    .flatMap((each): AttachedCase[] => {
      const label = each.scripts[0]?.context?.label ?? DRILL_LABEL;
      const fromMs = Math.min(each.liveFromMs, historyMs);
      const durationMs = each.endMs - fromMs;
      const reason = (alone ? null : danger(each, label, rules.rules, routes)) ?? tooLong(durationMs, maxDurationMs);
      if (reason !== null) {
        refused.push({ rule: each.rule, outcome: 'inconclusive', reason });
        return [];
      }
      const receivers = new Set(
        each.prediction.labels.flatMap((labels) => receiversOf(routes.routing, { ...externalLabels, ...labels })),
      );
      const companions = reading(seriesOf(each), rules.rules).filter(
        ({ kind, id }) => kind === 'alert' && id !== each.rule.id,
      );
      return [
        {
          played: each,
          label,
          fromMs,
          durationMs,
          receivers: [...receivers].toSorted(),
          companions: [...new Set(companions.map(({ name }) => name))].toSorted(),
        },
      ];
    });
  const own = options.webhook?.receiver;
  const paged = [...new Set(cases.flatMap(({ receivers }) => receivers))].filter((name) => name !== own).toSorted();
  return {
    id,
    rules: { ...rules, rules: wanted },
    routes,
    externalLabels,
    cases,
    refused,
    durationMs: Math.max(0, ...cases.map((each) => each.durationMs)),
    series: cases.reduce((sum, { played }) => sum + seriesOf(played).length, 0),
    marks: [...new Set(cases.map(({ label }) => label))]
      .toSorted()
      .map((label) => ({ label, pattern: `firedrill-${id}-.+` })),
    paged,
    // Nobody knows in advance with which labels a companion fires, and so whom its routes would tell.
    silenced:
      !alone && !options.allowNotify && (paged.length > 0 || cases.some(({ companions }) => companions.length > 0)),
    versions: source.versions,
    alone,
  };
}

function chosen(rules: readonly DrillRule[], names: readonly string[], place: string): DrillRule[] {
  const alerts = rules.filter(({ kind }) => kind === 'alert');
  if (alerts.length === 0) throw new UsageError(`there are no alerts in ${place}`, null);
  const unknown = names.find((name) => !alerts.some((rule) => rule.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no alert ${JSON.stringify(unknown)} in ${place}`,
      `choose one of ${[...new Set(alerts.map(({ name }) => name))].slice(0, 12).join(', ')}`,
    );
  }
  return names.length === 0 ? alerts : alerts.filter(({ name }) => names.includes(name));
}

/** Where a webhook is watched, its routes' own waits have to pass. */
function waitsOf({ webhook }: PlanOptions, { routes, alone }: PlanSource): Omit<Waits, 'beforeMs'> {
  const longestMs = webhook === null && !alone ? 0 : routes.longestWaitMs;
  return { deliveryMs: DELIVERY_MS + longestMs, resolveMs: RESOLVE_MS, afterMs: DELIVERY_MS / 2 };
}

function seriesOf({ scripts }: SyntheticCase): WitnessSeries[] {
  return scripts.flatMap(({ series }) => [...series]);
}
