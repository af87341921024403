import { join } from 'node:path';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import type { DrillCase } from '../../monitoring/drill/case.ts';
import { caseClock, compressed, type DrillClock } from '../../monitoring/drill/clock.ts';
import { fleetGroups } from '../../monitoring/drill/groups.ts';
import { derivePrometheusConfig } from '../../monitoring/prometheus-config.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import { drillAlertmanager } from '../../monitoring/scale-alertmanager.ts';
import { type RefusedRule, scaleRules } from '../../monitoring/scale-rules.ts';
import { deriveTargetsText } from '../../monitoring/targets.ts';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';
import type { Fleet } from '../fleet/fleet-types.ts';
import type { ProcessScope } from '../process/scope.ts';
import { type Alertmanager, startAlertmanager } from '../stack/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../stack/prometheus.ts';
import { WebhookReceiver } from '../stack/webhook.ts';
import type { ResolvedTool } from '../tools/tool.ts';
import { type DrillProber, startDrillProber } from './prober.ts';

/** Rule and route files as they are deployed, unscaled; the drill runs exactly these, on a faster clock. */
export interface DrillFiles {
  rules: string;
  alertmanager: string;
}

export interface PairOptions {
  catalogue: Catalogue;
  /** The rules in which faults of the fleet can show when left out. */
  files?: DrillFiles | undefined;
  fleet: Pick<Fleet, 'addresses' | 'caFile'>;
  cases: readonly DrillCase[];
  tools: { prometheus: ResolvedTool; alertmanager: ResolvedTool };
  scope: ProcessScope;
  dir: string;
  clock: DrillClock;
}

/** The drill's own Prometheus and Alertmanager, and the webhook that stands in for every receiver. */
export interface Pair {
  prometheus: Prometheus;
  alertmanager: Alertmanager;
  webhook: WebhookReceiver;
  prober: DrillProber;
  /** Rules that do not run on the faster clock. */
  refused: RefusedRule[];
  stop(): Promise<void>;
}

/** Prometheus's own look-back of 5 minutes. */
const LOOKBACK_MS = 300_000;
/** Fewer scrapes than this within the look-back, and one late scrape makes a series vanish. */
const LOOKBACK_SCRAPES = 4;

/** Starts the pair on loopback. Only simulated services are scraped: no fault is ever switched on a real one. */
export async function startPair(options: PairOptions): Promise<Pair> {
  const { catalogue, fleet, cases, scope, dir, clock, tools } = options;
  const { addresses, caFile: fleetCaFile } = fleet;
  const files = options.files ?? {
    rules: deriveRulesText(catalogue, fleetGroups(catalogue)),
    alertmanager: deriveAlertmanagerText(catalogue),
  };
  const simulated = drilledPart(catalogue, addresses);
  const startMs = Date.now();
  const { text: rules, refused } = scaleRules(files.rules, clock.compression, {
    clockOf: (factor) => ({ startMs, factor, virtualStartMs: startMs }),
    factorOf: (group, name) => {
      const found = cases.find((each) => each.group === group && each.alert.name === name);
      return found === undefined ? undefined : caseClock(found, clock).compression;
    },
  });
  const webhook = await WebhookReceiver.start();
  const started: { stop(): Promise<void> }[] = [{ stop: () => webhook.close() }];
  const stop = async () => {
    for (const each of started.toReversed()) await each.stop();
  };
  try {
    const prober = await startDrillProber(catalogue, cases, clock, fleet);
    started.push(prober);
    const config = drillAlertmanager(files.alertmanager, {
      factor: clock.compression,
      urlFor: (receiver) => webhook.urlFor(receiver),
    });
    const alertmanager = await startAlertmanager({
      scope,
      tool: tools.alertmanager,
      dir: join(dir, 'alertmanager'),
      config,
    });
    started.push(alertmanager);
    const prometheus = await startPrometheus({
      scope,
      tool: tools.prometheus,
      dir: join(dir, 'prometheus'),
      config: derivePrometheusConfig(simulated, {
        scrapeIntervalMs: clock.scrapeMs,
        evaluationIntervalMs: clock.evaluationMs,
        alertmanagers: [new URL(alertmanager.url).host],
        fleetCaFile,
        prober: prober.address,
      }),
      ruleFiles: {
        'alert_rules.yml': rules,
        'targets.yml': deriveTargetsText(simulated, { addresses, ownIntervals: false }),
      },
      lookbackDeltaMs: Math.max(compressed(LOOKBACK_MS, clock), LOOKBACK_SCRAPES * clock.scrapeMs),
    });
    started.push(prometheus);
    return { prometheus, alertmanager, webhook, prober, refused, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the drill's Prometheus scrapes: the catalogue with its simulated services alone, of systems that have alerts: scrapes that no rule looks at only cost time. */
export function drilledPart(catalogue: Catalogue, addresses: AddressBook): Catalogue {
  return {
    ...catalogue,
    systems: catalogue.systems
      .filter(({ alerts }) => alerts.length > 0)
      .map((system) => ({
        ...system,
        services: system.services.filter(({ address, target }) => address.kind === 'fleet' && addresses.has(target)),
      })),
  };
}
