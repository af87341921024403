import type { AlertStates, NotifiedState } from '../../../monitoring/drill/synthetic/observed.ts';
import { HarnessError } from '../../process/harness-error.ts';
import type { WebhookReceiver } from '../../stack/webhook.ts';
import type { LiveAlert, LivePair } from './api.ts';
import type { AttachedPlan } from './types.ts';

/** Watches the alerts of a drill on a pair of others: their states in Prometheus, and who is told. */
export class AttachedWatch {
  readonly #pair: LivePair;
  readonly #plan: AttachedPlan;
  readonly #webhook: { readonly server: WebhookReceiver; readonly receiver: string } | null;
  readonly #startMs = Date.now();
  /** By labels and receiver, when Alertmanager was first seen with the alert, and when it was gone again. */
  readonly #held = new Map<
    string,
    { labels: LiveAlert['labels']; receiver: string; fromMs: number; toMs: number | null }
  >();
  #states: AlertStates[] = [];

  constructor(pair: LivePair, plan: AttachedPlan, webhook: { server: WebhookReceiver; receiver: string } | null) {
    this.#pair = pair;
    this.#plan = plan;
    this.#webhook = webhook;
  }

  get states(): readonly AlertStates[] {
    return this.#states;
  }

  /** Who was told: the drill's own receiver by its webhook, all others as far as Alertmanager. */
  notified(): NotifiedState[] {
    const { silenced } = this.#plan;
    const own = silenced ? null : this.#webhook;
    const held = [...this.#held.values()].flatMap(({ labels, receiver, fromMs, toMs }): NotifiedState[] => {
      if (receiver === own?.receiver) return [];
      const state = { labels, receiver };
      return [
        { ...state, status: 'firing', atMs: fromMs },
        ...(toMs === null ? [] : [{ ...state, status: 'resolved' as const, atMs: toMs }]),
      ];
    });
    const arrived = (own?.server.notifications ?? []).flatMap(({ arrivedAtMs, receiver, alerts }) =>
      alerts.map(({ labels, status }): NotifiedState => ({ labels, status, receiver, atMs: arrivedAtMs })),
    );
    return [...held, ...arrived];
  }

  /** Looks once. @throws HarnessError when a silence that must hold does not. */
  async look(): Promise<void> {
    const { marks, silenced } = this.#plan;
    const states: AlertStates[] = [];
    const present = new Set<string>();
    for (const { label, pattern } of marks) {
      const now = Date.now();
      const range = `${now - this.#startMs + 1_000}ms`;
      for (const { metric, values = [] } of await this.#pair.query(
        `ALERTS{${label}=~${JSON.stringify(pattern)}}[${range}]`,
      )) {
        const { __name__: _name, alertstate, ...labels } = metric;
        const timesMs = values.map(([seconds]) => Math.round(seconds * 1_000));
        states.push({ labels, state: alertstate === 'firing' ? 'firing' : 'pending', timesMs });
      }
      for (const alert of await this.#pair.alerts(label, pattern)) {
        if (silenced && alert.status.state === 'active') throw notSilenced(alert);
        for (const { name } of alert.receivers) this.#hold(alert, name, present);
      }
    }
    this.#states = states;
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
