import type { Alert, Catalogue, Condition, System } from '../thresholds/model.ts';
import { GENERATED } from './header.ts';

/** What to look at first, by what the alert watches. */
const FIRST_CHECKS: Record<Condition['kind'], string[]> = {
  'target-down': [
    'Is the process running, and does its port answer from the host of Prometheus?',
    'What does its log say last, and was it deployed, moved or restarted just now?',
    'Do other targets on the same host or network fail at the same time?',
  ],
  'latency-quantile': [
    'Which endpoints are slow, and since when? Compare with the last deployment.',
    'Has the traffic grown, or has a service that it calls slowed down?',
    'Are CPU, memory and the connection pool of the service at their limits?',
  ],
  'error-share': [
    'Which endpoints and status codes fail, and since when? Compare with the last deployment.',
    'What does the log of the service say for these requests?',
    'Does a service that it calls fail?',
  ],
  'errors-seen': [
    'Which errors are counted, and does the other side report an incident?',
    'Were a key, a quota or an address changed?',
    'Does the fallback answer, and how long can it carry the traffic?',
  ],
};

const FIX: Record<Condition['kind'], string> = {
  'target-down':
    'Start the service again or roll its deployment back. If it was moved, write its new address into the catalogue.',
  'latency-quantile': 'Roll back what made it slow, or add capacity where the checks found none left.',
  'error-share': 'Roll back what made it fail, or take the failing dependency out of the path.',
  'errors-seen': 'Repair key, quota or address. Until then keep the fallback in use and watch its own limits.',
};

/** The heading of an alert in the runbook. Names recur between systems, so the system is part of it. */
function heading(system: Pick<System, 'id'>, alert: Pick<Alert, 'name'>): string {
  return `${system.id} ${alert.name}`;
}

/** The anchor that Markdown viewers give the heading. */
export function runbookAnchor(system: Pick<System, 'id'>, alert: Pick<Alert, 'name'>): string {
  return heading(system, alert).toLowerCase().replaceAll('.', '').replaceAll(' ', '-');
}

/** `runbook.md`: for every alert its meaning, its impact, the first checks and the fix. */
export function deriveRunbook(catalogue: Catalogue): string {
  const sections = catalogue.systems.flatMap((system) => system.alerts.map((alert) => section(system, alert)));
  return `<!-- ${GENERATED} -->\n\n# Runbook\n\nWhat each alert means and where to start.\n\n${sections.join('\n')}`;
}

function section(system: System, alert: Alert): string {
  const watched = alert.service === null ? `every service of ${system.title}` : `${alert.service} of ${system.title}`;
  const checks = FIRST_CHECKS[alert.condition.kind].map((check, index) => `${index + 1}. ${check}`);
  return [
    `## ${heading(system, alert)}`,
    '',
    `**Meaning.** ${withoutTemplates(alert.description)} Severity ${alert.severity}; watches ${watched}.`,
    '',
    `**Impact.** The promise "${alert.objective}" of ${system.title} is broken or about to be. Team: ${system.team}.`,
    '',
    '**First checks**',
    '',
    ...checks,
    '',
    `**Fix.** ${FIX[alert.condition.kind]}`,
    '',
    ...(alert.note === null ? [] : [`*Note.* ${alert.note}`, '']),
  ].join('\n');
}

/** A page has no values to fill in: `{{ $labels.service }}` becomes `<service>`, `{{ $value | ... }}` becomes `<value>`. */
function withoutTemplates(text: string): string {
  return text.replaceAll(/\{\{\s*\$(?:labels\.)?(\w+)[^}]*\}\}/g, '`<$1>`').trim();
}
