import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LoadedGroup } from '../../../monitoring/drill/synthetic/load.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { ProcessScope } from '../../process/scope.ts';
import { type Alertmanager, startAlertmanager } from '../../stack/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../../stack/prometheus.ts';
import { WebhookReceiver } from '../../stack/webhook.ts';
import type { ResolvedTool } from '../../tools/tool.ts';

/** A monitoring pair on which scripts are played, with a webhook in the place of every receiver. */
export interface Lane {
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly webhook: WebhookReceiver;
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly tools: { readonly prometheus: ResolvedTool; readonly alertmanager: ResolvedTool };
  readonly scope: ProcessScope;
  readonly dir: string;
  readonly routes: DrillRoutes;
  readonly lookbackMs: number;
}

/** The series that shows at which moments a group is evaluated. */
export const TICK = 'firedrill:tick';
const RULES = 'rules.yml';
/** Seeded history lies in the past, out of the order in which it is written. */
const HISTORY = '12h';

/** Starts a pair without rules. */
export async function startLane({ tools, scope, dir, routes, lookbackMs }: LaneOptions): Promise<Lane> {
  const webhook = await WebhookReceiver.start();
  const started: { stop(): Promise<void> }[] = [{ stop: () => webhook.close() }];
  const stop = async () => {
    for (const each of started.toReversed()) await each.stop();
  };
  try {
    const alertmanager = await startAlertmanager({
      scope,
      tool: tools.alertmanager,
      dir: join(dir, 'alertmanager'),
      config: routes.text((receiver) => webhook.urlFor(receiver)),
    });
    started.push(alertmanager);
    const prometheus = await startPrometheus({
      scope,
      tool: tools.prometheus,
      dir: join(dir, 'prometheus'),
      config: prometheusConfig(new URL(alertmanager.url).host),
      ruleFiles: { [RULES]: stringify({ groups: [] }) },
      lookbackDeltaMs: lookbackMs,
      // It lives for seconds: memory is cheaper than the processor's time.
      gcPercent: 400,
    });
    started.push(prometheus);
    return { prometheus, alertmanager, webhook, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function prometheusConfig(alertmanager: string): string {
  return stringify({
    global: { evaluation_interval: '1m' },
    rule_files: [RULES],
    storage: { tsdb: { out_of_order_time_window: HISTORY } },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
  });
}

/** Makes a lane evaluate these groups, and nothing else. */
export async function loadGroups({ prometheus, alertmanager }: Lane, groups: readonly LoadedGroup[]): Promise<void> {
  const text = stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
  await prometheus.writeConfig(prometheusConfig(new URL(alertmanager.url).host), { [RULES]: text });
  await prometheus.reload();
}

/**
 * The same groups with one rule each, which shows when they are evaluated. That depends on name and interval of a group alone, and stays so
 * when the rules follow.
 */
export function ticking(groups: readonly LoadedGroup[]): LoadedGroup[] {
  return groups.map(({ name, interval }) => ({
    name,
    interval,
    rules: [{ record: TICK, expr: 'vector(1)', labels: { group: name } }],
  }));
}
