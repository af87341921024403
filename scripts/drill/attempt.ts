import { setTimeout as delay } from 'node:timers/promises';
import type { DrillCase } from '../../monitoring/drill/case.ts';
import { caseClock, compressed, windowMs } from '../../monitoring/drill/clock.ts';
import { findUnexplained, type Responsibility } from '../../monitoring/drill/explain.ts';
import { firstDeliveries } from '../../monitoring/drill/findings.ts';
import type { Delivery, Evidence, Moment } from '../../monitoring/drill/judge.ts';
import type { Prediction } from '../../monitoring/drill/predict.ts';
import { firstFiring } from '../../monitoring/drill/timeline.ts';
import type { Fault } from '../../thresholds/faults.ts';
import { LABEL, targetName } from '../../thresholds/names.ts';
import type { Pass } from './gate.ts';
import { findDisturbance, groupIterations } from './harness.ts';
import type { DrillState } from './progress.ts';
import type { DrillSession } from './session.ts';
import type { AlertKey } from './watch.ts';

/** Watched beyond the prediction, so that "late" can be told from "missed". */
const BEYOND_MS = 2_000;
/** An alert without a sample for this long is inactive: several evaluations and polls. */
const INACTIVE_MS = 1_000;

/** One attempt at a case: near miss, fault, firing, delivery, end of the fault, resolution. Its faults are always switched off. */
export class Attempt {
  readonly #session: DrillSession;
  readonly #case: DrillCase;
  readonly #prediction: Prediction;
  readonly #key: AlertKey;

  constructor(session: DrillSession, drillCase: DrillCase, prediction: Prediction) {
    this.#session = session;
    this.#case = drillCase;
    this.#prediction = prediction;
    this.#key = { alert: drillCase.alert.name, system: drillCase.system.id, service: drillCase.service };
  }

  async run(): Promise<Evidence> {
    const { pair, lag, clock, watch, responsibilities } = this.#session;
    const fromMs = Date.now();
    const missedBefore = await this.#missedEvaluations();
    const nearMiss = this.#case.nearMiss === null ? null : await this.#nearMiss(this.#case.nearMiss);
    const { faultOn, faultOff } = await this.#fault();
    const toMs = Date.now();
    const fired = watch.fired().filter(({ firingAtMs }) => firingAtMs >= fromMs && firingAtMs <= toMs);
    const unexplained = findUnexplained(fired, responsibilities).filter(({ during }) => during.includes(this.#case));
    return {
      evaluationMs: clock.evaluationMs,
      prediction: this.#prediction,
      nearMiss,
      faultOn,
      faultOff,
      episodes: watch.episodes(this.#key, faultOn.beforeMs),
      deliveries: this.#deliveries(faultOn.beforeMs),
      unexplained: unexplained.map(
        ({ fired: { alert, system, service } }) => `${alert} of ${targetName(system, service)}`,
      ),
      disturbance: await findDisturbance(pair.prometheus, lag, clock, fromMs, toMs),
      missedEvaluations: (await this.#missedEvaluations()) - missedBefore,
    };
  }

  /** The weaker fault, watched for longer than its alert could need to fire. */
  #nearMiss(fault: Fault): Promise<{ fired: boolean; observedMs: number }> {
    const { clock, watch, signal } = this.#session;
    return this.#stage('near miss', async () => {
      const fromMs = Date.now();
      const untilMs = fromMs + this.#prediction.firingMs;
      const firing = () => this.#firingSince(fromMs);
      const endMs =
        fault.durationMs === undefined ? untilMs : fromMs + compressed(fault.durationMs, caseClock(this.#case, clock));
      await this.#whileOn(fault, () => watch.until(firing, Math.min(endMs, untilMs), signal));
      const fired = await watch.until(firing, untilMs, signal);
      const observedMs = Date.now() - fromMs;
      if (fired) await this.#untilResolved(fromMs, Date.now());
      return { fired, observedMs };
    });
  }

  /** The fault, until every receiver is told, and then its end, until every receiver is told of that. */
  #fault(): Promise<{ faultOn: Moment; faultOff: Moment }> {
    const { watch, signal } = this.#session;
    return this.#stage('fault', async (pass) => {
      const startedMs = Date.now();
      const deadlineMs = startedMs + this.#prediction.deliveryMs[1] + BEYOND_MS;
      const moments = await this.#whileOn(this.#case.fault, () =>
        watch.until(() => this.#reportProgress(startedMs) === 'delivered', deadlineMs, signal),
      );
      this.#report('resolving');
      await this.#untilResolved(startedMs, moments.faultOff.afterMs, pass);
      return moments;
    });
  }

  async #whileOn(fault: Fault, work: () => Promise<unknown>): Promise<{ faultOn: Moment; faultOff: Moment }> {
    const { fleet } = this.#session;
    const system = this.#case.system.id;
    const faultOn = { beforeMs: Date.now(), afterMs: 0 };
    const faultOff = { beforeMs: 0, afterMs: 0 };
    try {
      await fleet.inject(system, fault);
      faultOn.afterMs = Date.now();
      await work();
    } finally {
      faultOff.beforeMs = Date.now();
      await fleet.clear(system, fault.service, fault.kind);
      faultOff.afterMs = Date.now();
    }
    return { faultOn, faultOff };
  }

  async #stage<T>(kind: Responsibility['stage'], work: (pass: Pass) => Promise<T>): Promise<T> {
    const { gate, responsibilities, signal } = this.#session;
    const pass = await gate.enter({ drillCase: this.#case, kind });
    const responsibility: Responsibility = {
      drillCase: this.#case,
      stage: kind,
      fromMs: Date.now(),
      untilMs: Number.POSITIVE_INFINITY,
    };
    try {
      signal.throwIfAborted();
      responsibilities.push(responsibility);
      this.#report(kind === 'fault' ? 'fault on' : kind);
      return await work(pass);
    } finally {
      responsibility.untilMs = Date.now();
      pass.leave();
    }
  }

  /**
   * Until the alert and its consequences are inactive and, if it had fired, until each receiver that was told knows that it is over.
   * @param pass of a stage that is over for most others as soon as nothing is active.
   */
  async #untilResolved(sinceMs: number, faultOffMs: number, pass?: Pass): Promise<void> {
    const { watch, signal, clock } = this.#session;
    const deadlineMs = faultOffMs + this.#prediction.resolvedDeliveryMs + BEYOND_MS;
    await watch.until(
      () => {
        if (this.#isActive()) return false;
        // With a window, something of the fault may still be in it.
        if (windowMs(this.#case.sight, clock) === 0) pass?.ease();
        const deliveries = { deliveries: this.#deliveries(sinceMs) };
        const told = firstDeliveries(deliveries, 'resolved');
        return [...firstDeliveries(deliveries, 'firing').keys()].every((receiver) => told.has(receiver));
      },
      deadlineMs,
      signal,
    );
    // Scrapes, evaluations and polls that are under way must not meet the next case.
    await delay(INACTIVE_MS / 2, undefined, { signal });
  }

  #isActive(): boolean {
    const sinceMs = Date.now() - INACTIVE_MS;
    const { watch } = this.#session;
    const { alert, system } = this.#case;
    return watch.episodes(this.#key, sinceMs).length > 0 || watch.isActive(alert.consequences, system.id, sinceMs);
  }

  #reportProgress(startedMs: number): DrillState {
    const state = this.#state(startedMs);
    this.#report(state);
    return state;
  }

  #state(startedMs: number): DrillState {
    const told = firstDeliveries({ deliveries: this.#deliveries(startedMs) }, 'firing');
    if (this.#firingSince(startedMs)) {
      return this.#case.receivers.every((receiver) => told.has(receiver)) ? 'delivered' : 'firing';
    }
    return this.#session.watch.episodes(this.#key, startedMs).length > 0 ? 'pending' : 'fault on';
  }

  #firingSince(fromMs: number): boolean {
    return firstFiring(this.#session.watch.episodes(this.#key, fromMs), fromMs) !== undefined;
  }

  #deliveries(fromMs: number): Delivery[] {
    const { alert, system, service } = this.#key;
    return this.#session.pair.webhook.notifications.flatMap(({ arrivedAtMs, receiver, alerts }) => {
      if (arrivedAtMs < fromMs) return [];
      const own = alerts.filter(({ labels }) => {
        return (
          labels[LABEL.alertname] === alert && labels[LABEL.system] === system && labels[LABEL.service] === service
        );
      });
      return own.map(({ status }) => ({ receiver, status, atMs: arrivedAtMs }));
    });
  }

  async #missedEvaluations(): Promise<number> {
    const groups = await groupIterations(this.#session.pair.prometheus.url);
    return groups.get(this.#case.group)?.missed ?? 0;
  }

  #report(state: DrillState): void {
    this.#session.report(this.#case.id, state);
  }
}
