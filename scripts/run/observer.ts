import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import { derivePrometheusConfig } from '../../monitoring/prometheus-config.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import { drillAlertmanager } from '../../monitoring/scale-alertmanager.ts';
import { deriveTargetsText, scrapedServices } from '../../monitoring/targets.ts';
import { HarnessError } from '../process/harness-error.ts';
import { startAlertmanager } from '../stack/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../stack/prometheus.ts';
import { WebhookReceiver } from '../stack/webhook.ts';
import type { Session } from './session.ts';

/** Often enough that a smoke run of 20 s holds the samples that the PromQL objectives need. */
const SCRAPE_INTERVAL_MS = 1_000;
/** Prometheus 2.42 takes up its targets about 5 s after its start. */
const FIRST_SCRAPE_DEADLINE_MS = 20_000;
const POLL_MS = 100;

/** The Prometheus and Alertmanager that watch a run at real time, with the generated rules and routes. */
export interface Observer {
  prometheus: Prometheus;
  alertmanagerUrl: string;
  /** Targets that it has to scrape. */
  scrapedTargets: number;
  stop: () => Promise<void>;
}

/**
 * Starts the pair in the folder of the run. Every receiver of the generated routes becomes a path of a local webhook: a test run must
 * not page anybody.
 */
export async function startObserver(session: Session): Promise<Observer> {
  const { selection, scope, dir, addresses, fleet } = session;
  const catalogue = selection.surroundings;
  const webhook = await WebhookReceiver.start();
  // A listening server keeps this process alive, whatever becomes of the pair.
  session.onClose(() => webhook.close());
  const config = drillAlertmanager(deriveAlertmanagerText(catalogue), {
    factor: 1,
    urlFor: (receiver) => webhook.urlFor(receiver),
  });
  const alertmanager = await startAlertmanager({
    scope,
    tool: session.tool('alertmanager'),
    dir: join(dir, 'observer', 'alertmanager'),
    config,
  });
  const prometheus = await startPrometheus({
    scope,
    tool: session.tool('prometheus'),
    dir: join(dir, 'observer', 'prometheus'),
    config: derivePrometheusConfig(catalogue, {
      scrapeIntervalMs: SCRAPE_INTERVAL_MS,
      evaluationIntervalMs: SCRAPE_INTERVAL_MS,
      alertmanagers: [new URL(alertmanager.url).host],
      fleetCaFile: fleet?.caFile ?? null,
    }),
    ruleFiles: {
      'alert_rules.yml': deriveRulesText(catalogue),
      'targets.yml': deriveTargetsText(catalogue, { addresses, ownIntervals: false }),
    },
  });
  return {
    prometheus,
    alertmanagerUrl: alertmanager.url,
    scrapedTargets: scrapedServices(catalogue).length,
    stop: async () => {
      await prometheus.stop();
      await alertmanager.stop();
      await webhook.close();
    },
  };
}

/**
 * Waits until each target has been scraped once, well or badly.
 * @throws HarnessError when Prometheus does not get round to it.
 */
export async function firstScrapes({ prometheus, scrapedTargets }: Observer, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + FIRST_SCRAPE_DEADLINE_MS;
  for (;;) {
    const targets = await prometheus.targets();
    const scraped = targets.filter(({ health }) => health !== 'unknown').length;
    if (scraped >= scrapedTargets) return;
    if (Date.now() > deadline) {
      throw new HarnessError('Prometheus did not scrape its targets in time', {
        reason: `${scraped} of ${scrapedTargets} targets scraped after ${FIRST_SCRAPE_DEADLINE_MS} ms`,
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
