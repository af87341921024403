import type { Catalogue } from '../../../thresholds/model.ts';
import { OPERATIONS_SYSTEM } from '../../../thresholds/names.ts';
import type { AlertGroup } from '../derived-alert.ts';
import { type Draft, draftAlert, operationsOwner, systemOwner } from '../draft.ts';
import { stackMetricsAbsent } from './metrics-absent.ts';
import { NOTIFICATION_ALERTS } from './notifications.ts';
import { proberAlerts } from './prober.ts';
import { RULE_ALERTS } from './prometheus.ts';
import { runAlertsOf } from './promises-of-runs.ts';
import { runAlerts } from './runs.ts';
import { STORAGE_ALERTS } from './storage.ts';
import { watchdog } from './watchdog.ts';

/** Alerts about monitoring itself, a group for each part of it, so that one that fails does not take the others with it. */
export function operationsGroups(catalogue: Catalogue): AlertGroup[] {
  const parts: Readonly<Record<string, readonly Draft[]>> = {
    watchdog: [watchdog(catalogue)],
    rules: RULE_ALERTS,
    notifications: NOTIFICATION_ALERTS,
    storage: STORAGE_ALERTS,
    metrics: stackMetricsAbsent([...RULE_ALERTS, ...NOTIFICATION_ALERTS, ...STORAGE_ALERTS]),
    prober: proberAlerts(catalogue),
    runs: runAlerts(catalogue),
  };
  const owner = operationsOwner(catalogue);
  return Object.entries(parts).map(([part, drafts]) => ({
    name: `firedrill-monitoring-${part}`,
    system: OPERATIONS_SYSTEM,
    intervalMs: null,
    recordings: [],
    alerts: drafts.map((draft) => draftAlert(owner, draft)),
  }));
}

/** Alerts on what runs of firedrill found of each system. */
export function runGroups(catalogue: Catalogue): AlertGroup[] {
  return catalogue.systems.map((system) => ({
    name: `firedrill-${system.id}-runs`,
    system: system.id,
    intervalMs: null,
    recordings: [],
    alerts: runAlertsOf(system).map((draft) => draftAlert(systemOwner(system), draft)),
  }));
}
