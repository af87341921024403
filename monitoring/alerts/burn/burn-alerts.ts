import type { System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import {
  BUDGET,
  type BudgetKind,
  burnRateName,
  failuresName,
  PROMISE_LABEL,
} from '../../../thresholds/record-names.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import { quote, selector } from '../../promql/text.ts';
import type { DerivedAlert, Guidance } from '../derived-alert.ts';
import { draftAlert, systemOwner } from '../draft.ts';
import { BUDGET_FOR_MS, BUDGET_WINDOW_MS, MIN_FAILURES, WINDOW_PAIRS, type WindowPair } from './windows.ts';

const DAY_MS = 86_400_000;

/** How each kind of budget reads in texts. */
const WORDS: Readonly<Record<BudgetKind, { prefix: string; objective: string; what: string; failures: string }>> = {
  error: { prefix: 'ErrorBudget', objective: 'error-budget', what: 'error budget', failures: 'failures' },
  latency: {
    prefix: 'LatencyBudget',
    objective: 'latency-budget',
    what: 'budget of slow answers',
    failures: 'slow answers',
  },
};

const CHECKS: Readonly<Record<BudgetKind, Pick<Guidance, 'checks' | 'fix'>>> = {
  error: {
    checks: [
      'Which endpoints and status codes fail, and since when? The start of the burn is often a deployment or a change of configuration.',
      'Do the probes of the service fail too (then it is down for everybody), or only some of its requests?',
      'Does a service that it calls burn its own budget at the same time? Then start there.',
      'How much of the budget is left (dashboard SLA and Error Budgets)? That decides whether to roll back at once or to look further.',
    ],
    fix: 'Roll back what made it fail, or take the failing dependency, endpoint or client out of the path. If the promise itself is wrong, change it in the catalogue with those who rely on it.',
  },
  latency: {
    checks: [
      'Which endpoints are slow, and since when? Compare with the last deployment and with the traffic.',
      'Are processor, memory, connection pool or queue of the service at their limits?',
      'Is a service that it calls slow, such as a database or a language model?',
      'How much of the budget is left (dashboard SLA and Error Budgets)?',
    ],
    fix: 'Add capacity or roll back what made it slow; shed or delay work that nobody waits for. If the limit itself is wrong, change it in the catalogue with those who rely on it.',
  },
};

/** Fires while the budget is used up too fast over both windows of a pair. */
export function burnAlert(system: System, kind: BudgetKind, pair: WindowPair): DerivedAlert {
  const { prefix, objective, what, failures } = WORDS[kind];
  const own = [`${LABEL.system}=${quote(system.id)}`];
  const [long, short] = [formatPrometheusDuration(pair.longMs), formatPrometheusDuration(pair.shortMs)];
  const over = (window: string) => `${selector(burnRateName(kind, pair.id, window), own)} > ${pair.factor}`;
  const daysLeft = Number((BUDGET_WINDOW_MS / DAY_MS / pair.factor).toPrecision(2));
  const spent = Math.round((pair.factor * pair.longMs * 100) / BUDGET_WINDOW_MS);
  return draftAlert(systemOwner(system), {
    name: `${prefix}Burn${pair.suffix}`,
    severity: pair.severity,
    objective,
    expr: `${over(long)}\nand ${over(short)}\nand ${selector(failuresName(kind, pair.id, long), own)} >= ${MIN_FAILURES}`,
    forMs: pair.forMs,
    summary: `{{ $labels.system }}/{{ $labels.service }} burns its ${what} {{ $value | humanize }} times too fast`,
    description:
      `The promise "{{ $labels.${PROMISE_LABEL} }}" of {{ $labels.service }} allows some ${failures}. Over the last ${long} there were ` +
      `{{ $value | humanize }} times as many as allowed, and the last ${short} are no better. At ${pair.factor} times, ${spent} % of the ` +
      `budget of 30 days are gone in ${long}, and all of it in ${daysLeft} days.`,
    guidance: {
      meaning:
        `A service of ${system.title} uses up its ${what} of 30 days over ${pair.factor} times faster than its promise allows: over the ` +
        `last ${long}, and still over the last ${short}. At least ${MIN_FAILURES} ${failures} were counted, so that a quiet night does not page.`,
      impact:
        pair.severity === 'critical'
          ? `Users notice now. If nothing changes, the promise of the month is broken in ${daysLeft} days or sooner.`
          : `Few users notice, but steadily. If nothing changes, the promise of the month is broken in ${daysLeft} days.`,
      ...CHECKS[kind],
    },
    consequences: others(kind, `${prefix}Burn${pair.suffix}`),
    shownOn: { dashboard: 'SLA and Error Budgets', panel: 'Burn rate' },
  });
}

/** Fires while nothing is left of the budget. */
export function spentAlert(system: System, kind: BudgetKind): DerivedAlert {
  const { prefix, objective, what, failures } = WORDS[kind];
  const own = [`${LABEL.system}=${quote(system.id)}`];
  return draftAlert(systemOwner(system), {
    name: `${prefix}Spent`,
    severity: 'warning',
    objective,
    expr: `${selector(BUDGET[kind].remaining, own)} <= 0\nand ${selector(BUDGET[kind].failures, own)} >= ${MIN_FAILURES}`,
    forMs: BUDGET_FOR_MS,
    summary: `{{ $labels.system }}/{{ $labels.service }} has spent its ${what} of 30 days`,
    description:
      `The promise "{{ $labels.${PROMISE_LABEL} }}" of {{ $labels.service }} is broken over the last 30 days, as far as Prometheus keeps ` +
      `them: {{ $value | humanizePercentage }} of its budget is left.`,
    guidance: {
      meaning: `Over the last 30 days a service of ${system.title} had more ${failures} than its promise allows.`,
      impact: 'The promise of the month is broken. Every further failure adds to it, however slowly they come.',
      checks: [
        'Was it one outage (it will leave the window by itself) or a steady loss? Dashboard SLA and Error Budgets, window 30d.',
        ...CHECKS[kind].checks.slice(0, 1),
        'Are changes planned that could cost more? They wait, or go out in small steps.',
      ],
      fix: 'Put reliability before features until the budget recovers: mend what failed most often in the window, slow down changes. Tell those who rely on the promise.',
    },
    consequences: others(kind, `${prefix}Spent`),
    shownOn: { dashboard: 'SLA and Error Budgets', panel: 'Error budget left' },
  });
}

/** What uses up a budget fast soon does so over the longer windows too. */
function others(kind: BudgetKind, name: string): string[] {
  const { prefix } = WORDS[kind];
  return [...WINDOW_PAIRS.map(({ suffix }) => `${prefix}Burn${suffix}`), `${prefix}Spent`].filter(
    (one) => one !== name,
  );
}
