import { setTimeout as delay } from 'node:timers/promises';
import type { FiredAlert } from '../../monitoring/drill/explain.ts';
import { type AlertSamples, type Episode, episodes } from '../../monitoring/drill/timeline.ts';
import { LABEL } from '../../thresholds/names.ts';
import type { PrometheusClient } from '../stack/prometheus-client.ts';

/** An alert, told apart by name, system and service. */
export interface AlertKey {
  alert: string;
  system: string;
  service: string;
}

const POLL_MS = 150;
/** Each poll looks this much further back than the last one: samples carry ideal times and may be written late. */
const OVERLAP_MS = 3_000;

/**
 * Collects what Prometheus writes about all alerts: the raw `ALERTS` samples with the times of their evaluations, so that
 * transitions are known to the millisecond however rarely it looks.
 */
export class AlertWatch {
  readonly #prometheus: PrometheusClient;
  readonly #evaluationMs: number;
  readonly #samples = new Map<string, { key: AlertKey; pending: Set<number>; firing: Set<number> }>();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #lastMs = Date.now();
  #failure: unknown;

  constructor(prometheus: PrometheusClient, evaluationMs: number) {
    this.#prometheus = prometheus;
    this.#evaluationMs = evaluationMs;
    this.#running = this.#poll();
  }

  /** Episodes of one alert that were not over at `fromMs` (Unix milliseconds). */
  episodes(key: AlertKey, fromMs: number): Episode[] {
    const entry = this.#samples.get(JSON.stringify([key.alert, key.system, key.service]));
    if (entry === undefined) return [];
    return episodes(sorted(entry), this.#evaluationMs).filter(({ endedAtMs }) => endedAtMs > fromMs);
  }

  /** Whether one of these alerts of a system, of whatever service, was not over at `fromMs` (Unix milliseconds). */
  isActive(alerts: readonly string[], system: string, fromMs: number): boolean {
    return [...this.#samples.values()].some(
      ({ key, pending, firing }) =>
        key.system === system &&
        alerts.includes(key.alert) &&
        [pending, firing].some((times) => [...times].some((atMs) => atMs + this.#evaluationMs > fromMs)),
    );
  }

  /** Every time that any alert began to fire. */
  fired(): FiredAlert[] {
    return [...this.#samples.values()].flatMap((entry) =>
      episodes(sorted(entry), this.#evaluationMs).flatMap(({ firingAtMs }) =>
        firingAtMs === null ? [] : [{ ...entry.key, firingAtMs }],
      ),
    );
  }

  /** Waits until `done` holds or `deadlineMs` (Unix milliseconds) has passed, and says which. */
  async until(done: () => boolean, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
    while (!done()) {
      if (this.#failure !== undefined) throw this.#failure;
      if (Date.now() >= deadlineMs) return false;
      await delay(POLL_MS / 3, undefined, { signal });
    }
    return true;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #poll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#look();
        await delay(POLL_MS, undefined, { signal: this.#stopped.signal });
      } catch (error) {
        if (!this.#stopped.signal.aborted) this.#failure = error;
        return;
      }
    }
  }

  async #look(): Promise<void> {
    const now = Date.now();
    const rangeMs = now - this.#lastMs + OVERLAP_MS;
    for (const { labels, points } of await this.#prometheus.queryRaw(`ALERTS[${rangeMs}ms]`, now / 1_000)) {
      const key = {
        alert: labels[LABEL.alertname] ?? '',
        system: labels[LABEL.system] ?? '',
        service: labels[LABEL.service] ?? '',
      };
      const id = JSON.stringify([key.alert, key.system, key.service]);
      const entry = this.#samples.get(id) ?? { key, pending: new Set(), firing: new Set() };
      this.#samples.set(id, entry);
      const times = labels.alertstate === 'firing' ? entry.firing : entry.pending;
      for (const { timeSeconds } of points) times.add(Math.round(timeSeconds * 1_000));
    }
    this.#lastMs = now;
  }
}

function sorted({ pending, firing }: { pending: Set<number>; firing: Set<number> }): AlertSamples {
  const ascending = (times: Set<number>) => [...times].sort((a, b) => a - b);
  return { pending: ascending(pending), firing: ascending(firing) };
}
