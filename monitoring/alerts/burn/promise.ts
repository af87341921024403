import type { System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import type { BudgetKind } from '../../../thresholds/record-names.ts';
import { escapeRegExp, quote } from '../../promql/text.ts';

/** How a counter is read over a window. Both are extrapolated alike, so that their quotients agree. */
export type CounterFunction = 'rate' | 'increase';

/** Services of one system that promise the same and are counted alike. */
export interface Promised {
  kind: BudgetKind;
  services: readonly string[];
  /** For people, and a label of its recorded series. */
  promise: string;
  /** Share of events that may fail, above 0 and up to 1. */
  allowed: number;
  /** Failed events by identity; nothing while none was ever counted. */
  failed: (of: CounterFunction, window: string) => string;
  /** All events by identity. */
  all: (of: CounterFunction, window: string) => string;
}

/** Something promised that cannot be watched by a budget. */
export interface Unwatched {
  /** `<system>/<service>` */
  target: string;
  promise: string;
  reason: string;
}

/** Matchers that keep to some services of a system. */
export function servicesMatchers(system: System, services: readonly string[]): string[] {
  const [only] = services;
  const of =
    services.length === 1 && only !== undefined
      ? `${LABEL.service}=${quote(only)}`
      : `${LABEL.service}=~${quote(services.map(escapeRegExp).join('|'))}`;
  return [`${LABEL.system}=${quote(system.id)}`, of];
}

/** The share of failed events over a window, 0 to 1; nothing without events. */
export function failedShare({ failed, all }: Promised, window: string): string {
  const total = all('rate', window);
  return `(${failed('rate', window)} or 0 * ${total})\n/ (${total} > 0)`;
}

/** How many times faster than allowed the budget is used up; nothing without events. */
export function burnRate(promised: Promised, window: string): string {
  return `${failedShare(promised, window)}\n/ ${promised.allowed}`;
}
