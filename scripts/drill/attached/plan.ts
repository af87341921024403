import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import { receiversOf } from '../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import type { WitnessSeries } from '../../../monitoring/audit/witness/types.ts';
import { DRILL_LABEL, reading } from '../../../monitoring/drill/attached/apart.ts';
import { liveRuleFiles } from '../../../monitoring/drill/attached/rule-text.ts';
import type { SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import type { Waits } from '../../../monitoring/drill/synthetic/draft.ts';
import { type DrillRoutes, ROUTES_IN_REAL_TIME, readDrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import { type DrillRule, readDrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { UsageError } from '../../usage-error.ts';
import { findInputs } from '../synthetic/inputs.ts';
import { planCases } from '../synthetic/plan.ts';
import type { LivePair } from './api.ts';
import { draftOf, marked } from './draft.ts';
import { danger, refusal, tooLong } from './refuse.ts';
import type { AttachedCase, AttachedOptions, AttachedPlan } from './types.ts';

/** A Prometheus takes samples of the last hour from a new series; some of it is left for the start. */
const HISTORY_MS = 50 * 60_000;
/** For Alertmanager to hold what Prometheus sent, and for a webhook to come through. */
const DELIVERY_MS = 5_000;
const RESOLVE_MS = 6 * 3_600_000;

/** Reads what a pair runs and works out which of its alerts can be drilled without touching anything else. Writes nothing. */
export async function planAttached(pair: LivePair, options: AttachedOptions): Promise<AttachedPlan> {
  const { promtool, signal, output, maxDurationMs } = options;
  const [groups, { file, version }, prometheus, configuration] = await Promise.all([
    pair.ruleGroups(),
    pair.routes(),
    pair.version(),
    pair.configuration(),
  ]);
  const rules = readDrillRules(liveRuleFiles(groups));
  const routes = readDrillRoutes(file, ROUTES_IN_REAL_TIME);
  if (Array.isArray(routes)) {
    throw new UsageError(`the routes of ${pair.alertmanagerUrl} cannot be read: ${routes[0]?.rule ?? ''}`, null);
  }
  const wanted = chosen(rules.rules, options.alerts, pair);
  const { externalLabels, relabelled } = readConfiguration(configuration);
  const id = `${Date.now().toString(36)}${randomBytes(2).toString('hex')}`;
  const sources = new Sources(rules.rules);
  const refused: Undrillable[] = [];
  const apart = wanted.filter((rule) => {
    const reason = refusal(rule, sources, relabelled && !options.allowNotify);
    if (reason !== null) refused.push({ rule, outcome: 'inconclusive', reason });
    return reason === null;
  });
  output.progress(`  reading ${apart.length} alerts`);
  const { inputs, undrillable } = await findInputs(apart, sources, { promtool, signal });
  refused.push(...undrillable);
  const fed = sources.feeding(new Set(inputs.filter(({ through }) => !through).map(({ rule }) => rule.id)));
  const waits = waitsOf(options, routes);
  const drafts = inputs.map((input) => draftOf(marked(input, id), fed, id, waits));
  const planned = await planCases(drafts, () => 'full', { promtool: promtool.path, signal });
  refused.push(...planned.undrillable);
  const cases = planned.cases.flatMap((each): AttachedCase[] => {
    const label = each.scripts[0]?.context?.label ?? DRILL_LABEL;
    const fromMs = Math.min(each.liveFromMs, HISTORY_MS);
    const durationMs = each.endMs - fromMs;
    const reason = danger(each, label, rules.rules, routes) ?? tooLong(durationMs, maxDurationMs);
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
    marks: [...new Set(cases.map(({ label }) => label))].map((label) => ({ label, pattern: `firedrill-${id}-.+` })),
    paged,
    // Nobody knows in advance with which labels a companion fires, and so whom its routes would tell.
    silenced: !options.allowNotify && (paged.length > 0 || cases.some(({ companions }) => companions.length > 0)),
    versions: { prometheus, alertmanager: version },
  };
}

function chosen(rules: readonly DrillRule[], names: readonly string[], pair: LivePair): DrillRule[] {
  const alerts = rules.filter(({ kind }) => kind === 'alert');
  if (alerts.length === 0) throw new UsageError(`${pair.prometheusUrl} has no alerts`, 'name a Prometheus with rules');
  const unknown = names.find((name) => !alerts.some((rule) => rule.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no alert ${JSON.stringify(unknown)} in ${pair.prometheusUrl}`,
      `choose one of ${[...new Set(alerts.map(({ name }) => name))].slice(0, 12).join(', ')}`,
    );
  }
  return names.length === 0 ? alerts : alerts.filter(({ name }) => names.includes(name));
}

/** Where a webhook is watched, its routes' own waits have to pass. */
function waitsOf({ webhook }: AttachedOptions, routes: DrillRoutes): Omit<Waits, 'beforeMs'> {
  const longestMs = webhook === null ? 0 : routes.longestWaitMs;
  return { deliveryMs: DELIVERY_MS + longestMs, resolveMs: RESOLVE_MS, afterMs: DELIVERY_MS / 2 };
}

function seriesOf({ scripts }: SyntheticCase): WitnessSeries[] {
  return scripts.flatMap(({ series }) => [...series]);
}

interface Configuration {
  readonly global?: { readonly external_labels?: Readonly<Record<string, string>> };
  readonly alerting?: { readonly alert_relabel_configs?: readonly object[] };
}

function readConfiguration(text: string): { externalLabels: Readonly<Record<string, string>>; relabelled: boolean } {
  const { global, alerting } = (parse(text) ?? {}) as Configuration;
  return {
    externalLabels: global?.external_labels ?? {},
    relabelled: (alerting?.alert_relabel_configs ?? []).length > 0,
  };
}
