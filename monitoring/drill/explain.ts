import type { DrillCase } from './case.ts';

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

function explains({ drillCase, stage }: Responsibility, { alert, service }: FiredAlert): boolean {
  // A near miss that fires its own alert is told by its own reason; it explains nothing else.
  if (alert === drillCase.alert.name && service === drillCase.service) return true;
  return stage === 'fault' && drillCase.alert.consequences.includes(alert);
}
