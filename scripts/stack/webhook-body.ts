import type { Labels } from './prometheus-api.ts';

/** An alert inside a notification. */
export interface NotifiedAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** RFC 3339. */
  readonly startsAt: string;
  /** RFC 3339; the year 1 while firing. */
  readonly endsAt: string;
  readonly fingerprint: string;
}

/** One request of Alertmanager to a receiver. */
export interface Notification {
  /** When the request arrived, wall clock, Unix milliseconds. */
  readonly arrivedAtMs: number;
  /** The receiver whose path was called: the one that got it. */
  readonly receiver: string;
  /** The receiver that Alertmanager says it is for. */
  readonly statedReceiver: string;
  readonly status: 'firing' | 'resolved';
  readonly groupKey: string;
  readonly groupLabels: Labels;
  /** Alerts that Alertmanager left out because of `max_alerts`. */
  readonly truncatedAlerts: number;
  readonly alerts: readonly NotifiedAlert[];
}

/**
 * Reads a webhook body of version 4. Lenient: fields of later Alertmanagers are passed over, and what the drill does not
 * judge may be missing. Throws when it is no notification at all.
 */
export function parseNotification(receiver: string, arrivedAtMs: number, body: string): Notification {
  const raw = record(JSON.parse(body));
  if (!Array.isArray(raw.alerts)) throw new Error('a notification without "alerts"');
  return {
    arrivedAtMs,
    receiver,
    statedReceiver: text(raw.receiver),
    status: status(raw.status),
    groupKey: text(raw.groupKey),
    groupLabels: labels(raw.groupLabels),
    truncatedAlerts: typeof raw.truncatedAlerts === 'number' ? raw.truncatedAlerts : 0,
    alerts: raw.alerts.map((entry) => {
      const alert = record(entry);
      return {
        status: status(alert.status),
        labels: labels(alert.labels),
        annotations: labels(alert.annotations),
        startsAt: text(alert.startsAt),
        endsAt: text(alert.endsAt),
        fingerprint: text(alert.fingerprint),
      };
    }),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error('not a JSON object');
}

function status(value: unknown): 'firing' | 'resolved' {
  if (value === 'firing' || value === 'resolved') return value;
  throw new Error(`status ${JSON.stringify(value)}, neither "firing" nor "resolved"`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function labels(value: unknown): Labels {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, content]) => [name, text(content)]));
}
