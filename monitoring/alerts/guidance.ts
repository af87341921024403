import type { Alert, Condition, System } from '../../thresholds/model.ts';
import { watchedServices } from '../conditions/watched.ts';
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
  'latency-mean': {
    checks: [
      'Did everything become slower, or one kind of request much slower? The percentiles tell.',
      'Has the mixture of requests changed, with more of the heavy ones?',
      'Are CPU, memory and the connection pool of the service at their limits?',
    ],
    fix: 'Roll back what made it slow, or add capacity where the checks found none left.',
  },
  'latency-exceeded': {
    checks: [
      'Which requests took that long, and what do they have in common?',
      'Were they waiting for a lock, a connection or another service?',
      'Are there more of them, or was it one?',
    ],
    fix: 'End what blocks the others, then give the slow ones an index, a limit or a time of their own.',
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
  threshold: {
    checks: [
      'Since when, and was it a step or a slope? Compare with the last deployment.',
      'Is one instance beyond the limit, or all of them?',
      'Do other metrics of the service say the same, or is the measurement wrong?',
    ],
    fix: 'Roll back what moved it, or bring the cause back within its limit.',
  },
  share: {
    checks: [
      'Since when, and was it a step or a slope? Compare with the last deployment.',
      'Did the part change, or the whole that it is measured against?',
      'Which labels of the metric stand out?',
    ],
    fix: 'Roll back what moved the share, or repair what it depends on.',
  },
  utilisation: {
    checks: [
      'Which resource is it, and what uses most of it?',
      'Since when does it fill, and was something deployed, restarted or imported then?',
      'How long until it is full at this pace?',
    ],
    fix: 'Free what is not needed, or stop what fills it; then enlarge it, or keep what uses it within a limit.',
  },
  forecast: {
    checks: [
      'Does the level rise or fall steadily, or did one event move it?',
      'What has grown since the trend began?',
      'Will something free it before, such as a retention or a nightly clean-up?',
    ],
    fix: 'Plan more capacity or shorten a retention within the time that the alert names. Nothing is urgent yet.',
  },
  'metric-missing': {
    checks: [
      'Does the page of metrics answer, and does it hold the metric under another name?',
      'Was the service deployed just now, or did a part of it fail to start?',
      'Do dashboards over this metric end at the same moment?',
    ],
    fix: 'Bring the metric back or rename it in the catalogue. Until then nobody watches what it measured.',
  },
};

/** The runbook's part for an alert of the catalogue: what it says itself, and the text of its kind for the rest. */
export function guidance(system: System, alert: Alert): Guidance {
  const { services, title } = system;
  const watched = watchedServices(system, alert).map(({ id }) => id);
  const which = watched.length === services.length ? 'every service' : listed(watched);
  const { impact, checks, fix } = alert.runbook;
  const general = BY_CONDITION[alert.condition.kind];
  return {
    meaning: `${alert.description} Watches ${which} of ${title}.`,
    impact: impact ?? `The promise "${alert.objective}" of ${title} is broken or about to be.`,
    checks: checks ?? general.checks,
    fix: fix ?? general.fix,
  };
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
