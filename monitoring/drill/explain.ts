import { callersOf } from '../alerts/probes/representatives.ts';
import type { DrillCase } from './case.ts';
import { movedMetrics } from './moved-metrics.ts';

/** An alert that fired, told apart by name, system and service. */
export interface FiredAlert {
  alert: string;
  system: string;
  service: string;
  firingAtMs: number;
}

/** The time in which a case's fault, or what is left of it, may fire something. */
export interface Responsibility {
  drillCase: DrillCase;
  stage: 'near miss' | 'fault';
  fromMs: number;
  /** Until its alert and its consequences are resolved; infinite while that is still going on. */
  untilMs: number;
}

/** An alert that nothing explains; `during` are the cases that were on in its system. None: it fired in health. */
export interface Unexplained {
  fired: FiredAlert;
  during: DrillCase[];
}

/** The alerts that fired though no fault that was on explains them: neither as the alert of its case nor as a consequence. */
export function findUnexplained(
  fired: readonly FiredAlert[],
  responsibilities: readonly Responsibility[],
): Unexplained[] {
  return fired.flatMap((alert) => {
    const during = responsibilities.filter(
      ({ drillCase, fromMs, untilMs }) =>
        drillCase.system.id === alert.system && fromMs <= alert.firingAtMs && alert.firingAtMs <= untilMs,
    );
    if (during.some((responsibility) => explains(responsibility, alert))) return [];
    return [{ fired: alert, during: [...new Set(during.map(({ drillCase }) => drillCase))] }];
  });
}

/** Whether a fault or a near miss of a case may rightly fire an alert of a service of its system. */
export function mayFire(
  drillCase: DrillCase,
  stage: Responsibility['stage'],
  alert: Pick<FiredAlert, 'alert' | 'service'>,
): boolean {
  const fired = { ...alert, system: drillCase.system.id, firingAtMs: 0 };
  return explains({ drillCase, stage, fromMs: 0, untilMs: 0 }, fired);
}

function explains({ drillCase, stage }: Responsibility, fired: FiredAlert): boolean {
  const { alert, service } = fired;
  // A near miss that fires its own alert is told by its own reason.
  if (alert === drillCase.alert.name && service === drillCase.service) return true;
  return failsProbe(drillCase, stage, fired) || (stage === 'fault' && drillCase.alert.consequences.includes(alert));
}

/** What probes tell of a service that answers differently or not at all. A near miss is none for them: it is one by its own alert. */
const ON_ANSWERS: ReadonlySet<string> = new Set(['ProbeFailing', 'ProbeDegraded']);

function failsProbe(
  { system, fault, nearMiss }: DrillCase,
  stage: Responsibility['stage'],
  fired: FiredAlert,
): boolean {
  const on = stage === 'fault' ? fault : nearMiss;
  const service = system.services.find(({ id }) => id === on?.service);
  if (on === null || service === undefined || !ON_ANSWERS.has(fired.alert)) return false;
  const asks = fired.service === service.id || callersOf(system, service.id).includes(fired.service);
  return asks && movedMetrics(service, on) === null;
}
