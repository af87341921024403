import type { Alert, Condition, System } from '../../thresholds/model.ts';
import type { Guidance } from './derived-alert.ts';

/** What to look at first and what mends it, by what the alert watches. */
const BY_CONDITION: Record<Condition['kind'], Pick<Guidance, 'checks' | 'fix'>> = {
  'target-down': {
    checks: [
      'Is the process running, and does its port answer from the host of Prometheus?',
      'What does its log say last, and was it deployed, moved or restarted just now?',
      'Do other targets on the same host or network fail at the same time?',
    ],
    fix: 'Start the service again or roll its deployment back. If it was moved, write its new address into the catalogue.',
  },
  'latency-quantile': {
    checks: [
      'Which endpoints are slow, and since when? Compare with the last deployment.',
      'Has the traffic grown, or has a service that it calls slowed down?',
      'Are CPU, memory and the connection pool of the service at their limits?',
    ],
    fix: 'Roll back what made it slow, or add capacity where the checks found none left.',
  },
  'error-share': {
    checks: [
      'Which endpoints and status codes fail, and since when? Compare with the last deployment.',
      'What does the log of the service say for these requests?',
      'Does a service that it calls fail?',
    ],
    fix: 'Roll back what made it fail, or take the failing dependency out of the path.',
  },
  'errors-seen': {
    checks: [
      'Which errors are counted, and does the other side report an incident?',
      'Were a key, a quota or an address changed?',
      'Does the fallback answer, and how long can it carry the traffic?',
    ],
    fix: 'Repair key, quota or address. Until then keep the fallback in use and watch its own limits.',
  },
};

/** The runbook's part for an alert of the catalogue. */
export function guidance(system: System, alert: Alert): Guidance {
  const watched = alert.service === null ? `every service of ${system.title}` : `${alert.service} of ${system.title}`;
  return {
    meaning: `${alert.description} Watches ${watched}.`,
    impact: `The promise "${alert.objective}" of ${system.title} is broken or about to be.`,
    ...BY_CONDITION[alert.condition.kind],
  };
}
