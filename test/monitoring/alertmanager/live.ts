import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { InhibitionCase } from '../../../monitoring/alertmanager/inhibition-cases.ts';
import type { RouteCase } from '../../../monitoring/alertmanager/route-cases.ts';
import { drillAlertmanager } from '../../../monitoring/scale-alertmanager.ts';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { type Alertmanager, startAlertmanager } from '../../../scripts/stack/alertmanager.ts';
import { type Notification, WebhookReceiver } from '../../../scripts/stack/webhook.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';

type Labels = Readonly<Record<string, string>>;

/** Group waits of 30 s become 100 ms, group intervals of 5 minutes 1 s. */
const FACTOR = 300;
/** How long an arrival is waited for that a healthy configuration brings in about a second. */
const PATIENCE_MS = 6_000;

export interface LiveOptions {
  /** Mute times hold by the clock on the wall. */
  keepTimes?: boolean;
  factor?: number;
  /** Shorter where something is known not to arrive. */
  patienceMs?: number;
}
/** Tells the alerts of a run apart; nothing routes, groups or inhibits by it. */
const CASE = 'case';

/** A real Alertmanager with a configuration on a faster clock, and the webhook that stands in for its receivers. */
export interface LiveRoutes {
  alertmanager: Alertmanager;
  webhook: WebhookReceiver;
  /** The configuration as this Alertmanager runs it. */
  scaled(text: string, keepTimes?: boolean): string;
  post(alerts: readonly { labels: Labels; id: string }[], ended?: boolean): Promise<void>;
  /** The receivers that were told of an alert with this status, sorted. */
  told(id: string, status: 'firing' | 'resolved'): string[];
  until(holds: () => boolean): Promise<boolean>;
  /** Resolves when all groups that alerts posted until now belong to have been flushed once. */
  flushed(): Promise<void>;
}

/** Starts one for the running test. */
export async function startLive(
  text: string,
  { keepTimes = false, factor = FACTOR, patienceMs = PATIENCE_MS }: LiveOptions = {},
): Promise<LiveRoutes> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-live-'));
  const scope = new ProcessScope();
  const webhook = await WebhookReceiver.start();
  onTestFinished(async () => {
    await scope.stopAll();
    await webhook.close();
    await rm(dir, { recursive: true, force: true });
  });
  const scaled = (config: string, keep = false) =>
    drillAlertmanager(config, { factor, urlFor: (receiver) => webhook.urlFor(receiver), keepTimes: keep });
  const tool = await resolveTool('alertmanager');
  const alertmanager = await startAlertmanager({ scope, tool, dir, config: scaled(text, keepTimes) });
  const begun = new Map<string, string>();
  let sentinels = 0;

  const live: LiveRoutes = {
    alertmanager,
    webhook,
    scaled,
    post: async (alerts, ended = false) => {
      const now = new Date().toISOString();
      const body = alerts.map(({ labels, id }) => {
        const startsAt = begun.get(id) ?? now;
        begun.set(id, startsAt);
        return { labels: { ...labels, [CASE]: id }, startsAt, ...(ended ? { endsAt: now } : {}) };
      });
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    },
    told: (id, status) =>
      [
        ...new Set(
          webhook.notifications
            .filter(({ alerts }) => alerts.some((alert) => alert.labels[CASE] === id && alert.status === status))
            .map(({ receiver }) => receiver),
        ),
      ].sort(),
    until: async (holds) => {
      for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await delay(20)) {
        if (holds()) return true;
      }
      return holds();
    },
    flushed: async () => {
      // It waits as long as the slowest of the others, and began after them.
      const id = `sentinel-${sentinels++}`;
      await live.post([{ labels: { alertname: id }, id }]);
      if (!(await live.until(() => live.told(id, 'firing').length > 0))) throw new Error('the sentinel did not arrive');
    },
  };
  return live;
}

/** The notifications that hold an alert. */
export function notificationsOf({ webhook }: LiveRoutes, id: string): Notification[] {
  return webhook.notifications.filter(({ alerts }) => alerts.some(({ labels }) => labels[CASE] === id));
}

/**
 * How a running Alertmanager differs from what the cases say of receivers, grouping and resolved notifications; empty where it does not. Each alert
 * has an environment of its own, so that none silences another.
 */
export async function routeDifferences(
  text: string,
  cases: readonly RouteCase[],
  options: LiveOptions = {},
): Promise<string[]> {
  const live = await startLive(text, options);
  const alerts = cases.map(({ labels, ...rest }, index) => ({
    ...rest,
    id: `${index}`,
    labels: apart(labels, `${index}`),
  }));
  await live.post(alerts);
  const arrived = (status: 'firing' | 'resolved') => () =>
    alerts.every(({ id, receivers }) => receivers.every((name) => live.told(id, status).includes(name)));
  await live.until(arrived('firing'));
  await live.flushed();
  await live.post(alerts, true);
  await live.until(arrived('resolved'));
  return alerts.flatMap(({ id, name, receivers, groupBy }) => {
    const grouped = notificationsOf(live, id).map(({ groupLabels }) => Object.keys(groupLabels).sort().join(' '));
    const labels = groupBy.filter((label) => label in (alerts[Number(id)]?.labels ?? {}));
    return [
      ...difference(`${name}: told`, live.told(id, 'firing'), receivers),
      ...difference(`${name}: told of its end`, live.told(id, 'resolved'), receivers),
      ...difference(`${name}: grouped by`, [...new Set(grouped)], [[...labels].sort().join(' ')]),
    ];
  });
}

/** How a running Alertmanager differs from what the cases say of one alert that silences another, while it fires and after it. */
export async function inhibitionDifferences(
  text: string,
  cases: readonly InhibitionCase[],
  receiversOf: (labels: Labels) => readonly string[],
  options: LiveOptions = {},
): Promise<string[]> {
  const live = await startLive(text, options);
  const pairs = cases.map(({ source, target, ...rest }, index) => ({
    ...rest,
    receivers: receiversOf(target),
    source: { id: `${index}-source`, labels: apart(source, `${index}`) },
    target: { id: `${index}-target`, labels: apart(target, `${index}`) },
  }));
  const arrived = (chosen: typeof pairs) => () =>
    chosen.every(({ target, receivers }) => receivers.every((name) => live.told(target.id, 'firing').includes(name)));
  // The critical one first, as it is in life: its group waits no longer than that of the other.
  await live.post(pairs.map(({ source }) => source));
  await live.post(pairs.map(({ target }) => target));
  await live.until(arrived(pairs.filter(({ inhibited }) => !inhibited)));
  await live.flushed();
  const during = new Map(pairs.map(({ target }) => [target.id, live.told(target.id, 'firing')]));
  await live.post(
    pairs.map(({ source }) => source),
    true,
  );
  await live.until(arrived(pairs));
  return pairs.flatMap(({ name, inhibited, receivers, target }) => [
    ...difference(`${name}: told meanwhile`, during.get(target.id) ?? [], inhibited ? [] : receivers),
    ...difference(`${name}: told in the end`, live.told(target.id, 'firing'), receivers),
  ]);
}

/** The labels in an environment of this case's own, where they name one. */
function apart(labels: Labels, id: string): Labels {
  return labels.environment === undefined ? labels : { ...labels, environment: `${id}-${labels.environment}` };
}

function difference(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  const [is, should] = [found, wanted].map((names) => [...names].sort().join(' ') || 'nobody');
  return is === should ? [] : [`${what} ${is}, not ${should}`];
}
