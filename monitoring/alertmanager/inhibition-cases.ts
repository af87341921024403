import type { Catalogue } from '../../thresholds/model.ts';
import { LABEL, WATCHDOG_ALERT } from '../../thresholds/names.ts';
import type { DerivedAlert } from '../alerts/derived-alert.ts';
import { alertLabels } from './route-cases.ts';

type Labels = Readonly<Record<string, string>>;

/** Two alerts that fire at once, and whether the first silences the second. */
export interface InhibitionCase {
  name: string;
  source: Labels;
  target: Labels;
  inhibited: boolean;
}

/**
 * Which alerts must be silent while another fires: the warning and info of an objective while its critical does, of the same service in
 * the same environment. Each pair that the catalogue has, and around one of them what must not be silenced.
 */
export function inhibitionCases(catalogue: Catalogue, alerts: readonly DerivedAlert[]): InhibitionCase[] {
  const pairs = alerts
    .filter(({ severity, labels }) => severity === 'critical' && labels[LABEL.escalation] === undefined)
    .flatMap((source) =>
      alerts.filter((target) => sameObjective(source, target)).map((target) => pairOf(catalogue, source, target)),
    );
  return [...pairs, ...boundaries()];
}

function sameObjective(source: DerivedAlert, target: DerivedAlert): boolean {
  if (target.severity === 'critical' || target.system !== source.system || target.name === WATCHDOG_ALERT) return false;
  // One that watches every service may fire for the very one that the other watches.
  const sameService = target.service === null || source.service === null || target.service === source.service;
  return target.objective === source.objective && sameService;
}

function pairOf(catalogue: Catalogue, source: DerivedAlert, target: DerivedAlert): InhibitionCase {
  const service = source.service ?? target.service;
  const on = (alert: DerivedAlert) => alertLabels(catalogue, { ...alert, service });
  return {
    name: `${source.system}: ${source.name} silences ${target.name}`,
    source: on(source),
    target: on(target),
    inhibited: true,
  };
}

function boundaries(): InhibitionCase[] {
  const shared = {
    [LABEL.system]: 'shop',
    [LABEL.service]: 'api',
    [LABEL.environment]: 'prod',
    [LABEL.objective]: 'errors',
  };
  const source = { [LABEL.alertname]: 'A', [LABEL.severity]: 'critical', ...shared };
  const target = { [LABEL.alertname]: 'B', [LABEL.severity]: 'warning', ...shared };
  const without = (labels: Labels, name: string) =>
    Object.fromEntries(Object.entries(labels).filter(([label]) => label !== name));
  const lets = (name: string, change: { source?: Labels; target?: Labels }): InhibitionCase => ({
    name,
    source: { ...source, ...change.source },
    target: { ...target, ...change.target },
    inhibited: false,
  });
  return [
    { name: 'a critical alert silences the warning of its objective', source, target, inhibited: true },
    ...Object.keys(shared).map((label) => lets(`not of another ${label}`, { target: { [label]: 'other' } })),
    lets('an alert of another severity silences none', { source: { [LABEL.severity]: 'page' } }),
    lets('a warning silences no info', { source: target, target: { [LABEL.severity]: 'info' } }),
    lets('the Watchdog is never silenced', { target: { [LABEL.alertname]: WATCHDOG_ALERT } }),
    lets('a critical alert is never silenced', { target: { [LABEL.severity]: 'critical' } }),
    lets('nor one of a severity that is none of ours', { target: { [LABEL.severity]: 'page' } }),
    // Alertmanager takes labels that both lack for equal.
    ...[LABEL.system, LABEL.objective].map((label) => ({
      name: `an alert without ${label} silences none`,
      source: without(source, label),
      target: without(target, label),
      inhibited: false,
    })),
  ];
}
