import type { AlertStates, NotifiedState } from '../../../monitoring/drill/synthetic/observed.ts';
import { HarnessError } from '../../process/harness-error.ts';
import type { WebhookReceiver } from '../../stack/webhook.ts';
import type { LiveAlert, LivePair } from './api.ts';
import type { AttachedPlan } from './types.ts';

/** A server that receives what Alertmanager sends to some receivers. */
export interface Listened {
  readonly server: WebhookReceiver;
  readonly to: (receiver: string) => boolean;
}

/** Each look reaches this much further back than the last one, beside an evaluation: samples may be written late. */
const OVERLAP_MS = 5_000;

/** Watches the alerts of a drill on a pair of others: their states in Prometheus, and who is told. */
export class AttachedWatch {
  readonly #pair: LivePair;
  readonly #plan: AttachedPlan;
  readonly #listened: Listened | null;
  /** By labels and state, the moments of all evaluations. */
  readonly #states = new Map<
    string,
    { labels: AlertStates['labels']; state: AlertStates['state']; times: Set<number> }
  >();
  readonly #overlapMs: number;
  #lookedMs = Date.now();
  /** By labels and receiver, when Alertmanager was first seen with the alert, and when it was gone again. */
  readonly #held = new Map<
    string,
    { labels: LiveAlert['labels']; receiver: string; fromMs: number; toMs: number | null }
  >();
  /** `listened`: the server that stands for some receivers, and which these are. */
  constructor(pair: LivePair, plan: AttachedPlan, listened: Listened | null) {
    this.#pair = pair;
    this.#plan = plan;
    this.#listened = listened;
    this.#overlapMs = OVERLAP_MS + Math.max(...plan.cases.map(({ played }) => played.clock.wallEvaluationMs));
  }

  get states(): AlertStates[] {
    return [...this.#states.values()].map(({ labels, state, times }) => {
      return { labels, state, timesMs: [...times].sort((a, b) => a - b) };
    });
  }

  /** Who was told: the drill's own receiver by its webhook, all others as far as Alertmanager. */
  notified(): NotifiedState[] {
    const listened = this.#plan.silenced ? null : this.#listened;
    const held = [...this.#held.values()].flatMap(({ labels, receiver, fromMs, toMs }): NotifiedState[] => {
      if (listened?.to(receiver) === true) return [];
      const state = { labels, receiver };
      return [
        { ...state, status: 'firing', atMs: fromMs },
        ...(toMs === null ? [] : [{ ...state, status: 'resolved' as const, atMs: toMs }]),
      ];
    });
    const arrived = (listened?.server.notifications ?? []).flatMap(({ arrivedAtMs, receiver, alerts }) =>
      alerts.map(({ labels, status }): NotifiedState => ({ labels, status, receiver, atMs: arrivedAtMs })),
    );
    return [...held, ...arrived];
  }

  /** Looks once. @throws HarnessError when a silence that must hold does not. */
  async look(): Promise<void> {
    const { marks, silenced } = this.#plan;
    const present = new Set<string>();
    const now = Date.now();
    const range = `${now - this.#lookedMs + this.#overlapMs}ms`;
    for (const { label, pattern } of marks) {
      const series = await this.#pair.query(`ALERTS{${label}=~${JSON.stringify(pattern)}}[${range}]`);
      for (const { metric, values = [] } of series) this.#note(metric, values);
      for (const alert of await this.#pair.alerts(label, pattern)) {
        if (silenced && alert.status.state === 'active') throw notSilenced(alert);
        for (const { name } of alert.receivers) this.#hold(alert, name, present);
      }
    }
    this.#lookedMs = now;
    for (const [key, held] of this.#held) if (!present.has(key)) held.toMs ??= Date.now();
  }

  /** Whether any alert of the drill is pending or firing, or held by Alertmanager. */
  async active(): Promise<boolean> {
    for (const { label, pattern } of this.#plan.marks) {
      const [state] = await this.#pair.query(`ALERTS{${label}=~${JSON.stringify(pattern)}}`);
      if (state !== undefined || (await this.#pair.alerts(label, pattern)).length > 0) return true;
    }
    return false;
  }

  #note(
    { __name__: _name, alertstate, ...labels }: LiveAlert['labels'],
    values: readonly (readonly [number, string])[],
  ) {
    const state = alertstate === 'firing' ? 'firing' : 'pending';
    const key = JSON.stringify([labels, state]);
    const known = this.#states.get(key) ?? { labels, state, times: new Set() };
    this.#states.set(key, known);
    for (const [seconds] of values) known.times.add(Math.round(seconds * 1_000));
  }

  #hold({ labels }: LiveAlert, receiver: string, present: Set<string>): void {
    const key = JSON.stringify([labels, receiver]);
    present.add(key);
    const known = this.#held.get(key);
    if (known === undefined) this.#held.set(key, { labels, receiver, fromMs: Date.now(), toMs: null });
    else known.toMs = null;
  }
}

function notSilenced({ labels, receivers }: LiveAlert): HarnessError {
  return new HarnessError('an alert of the drill is not silenced: the drill was ended', {
    reason: `${JSON.stringify(labels)} for ${receivers.map(({ name }) => name).join(', ')}`,
    hint: 'something between Prometheus and Alertmanager changes its labels; give --allow-notify to let receivers be told',
  });
}
