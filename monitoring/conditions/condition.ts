import type { Alert, Condition, Limit, Service, System } from '../../thresholds/model.ts';
import { LABEL } from '../../thresholds/names.ts';
import { DerivationError } from '../derivation-error.ts';
import { escapeRegExp, quote } from '../promql/text.ts';

/** The alert whose condition is turned into PromQL, and the system that it watches. */
export interface ConditionContext {
  system: System;
  alert: Alert;
}

/** How one kind of condition becomes an expression. It is true for each service by itself and keeps the identity labels. */
export type ConditionExpression<K extends Condition['kind']> = (
  condition: Extract<Condition, { kind: K }>,
  context: ConditionContext,
) => string;

/** The services that the alert watches. */
export function conditionServices(system: System, alert: Pick<Alert, 'service'>): Service[] {
  return alert.service === null ? system.services : system.services.filter(({ id }) => id === alert.service);
}

/** Matchers that keep the alert to its own system, and to its service where it names one. */
export function ownMatchers({ system, alert }: ConditionContext): string[] {
  const own = [`${LABEL.system}=${quote(system.id)}`];
  return alert.service === null ? own : [...own, `${LABEL.service}=${quote(alert.service)}`];
}

/** The comparison with a limit: `> 0.9`. */
export function breaches({ breach, limit }: Limit): string {
  return `${breach === 'above' ? '>' : '<'} ${limit}`;
}

/** What a count of events in the window must be before a share of it says anything; never 0, whose share would be 0/0. */
export function enough({ minEvents }: { minEvents: number }): string {
  return minEvents > 0 ? `>= ${minEvents}` : '> 0';
}

/**
 * One expression for services that count by the same metric; where they differ, one for each metric, kept to its services and
 * joined by `or`. `keyOf` gives undefined for a service without such a metric.
 */
export function overMetrics<Key>(
  context: ConditionContext,
  keyOf: (service: Service) => Key | undefined,
  expression: (key: Key, matchers: string[]) => string,
): string | undefined {
  const byKey = new Map<string, { key: Key; services: string[] }>();
  for (const service of conditionServices(context.system, context.alert)) {
    const key = keyOf(service);
    if (key === undefined) continue;
    const entry = byKey.get(JSON.stringify(key)) ?? { key, services: [] };
    entry.services.push(service.id);
    byKey.set(JSON.stringify(key), entry);
  }
  const parts = [...byKey.values()].map(({ key, services }) => {
    const matchers = ownMatchers(context);
    if (byKey.size > 1) {
      const names = services.map(escapeRegExp).join('|');
      matchers.push(`${LABEL.service}=~${quote(names)}`);
    }
    return expression(key, matchers);
  });
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join('\nor\n');
}

/**
 * One expression for the histograms that time the services: `metric`, or what each service names.
 * @throws DerivationError when none is named.
 */
export function overDurations(
  context: ConditionContext,
  metric: string | null,
  expression: (metric: string, matchers: string[]) => string,
): string {
  const { place, name } = context.alert;
  const expr = overMetrics(context, ({ signals }) => metric ?? signals.duration?.metric, expression);
  if (expr !== undefined) return expr;
  throw new DerivationError(
    place,
    `${name} watches latency, but no service that it watches names signals.duration.metric; name it, or condition.metric`,
  );
}
