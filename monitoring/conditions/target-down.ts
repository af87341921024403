import { DerivationError } from '../derivation-error.ts';
import { selector } from '../promql/text.ts';
import { type ConditionExpression, conditionServices, ownMatchers } from './condition.ts';

/** A scraped service does not answer Prometheus. `up` carries the identity labels because they are labels of the target. */
export const targetDown: ConditionExpression<'target-down'> = (_condition, context) => {
  if (conditionServices(context.system, context.alert).every(({ scrape }) => scrape === null)) {
    const { alert } = context;
    throw new DerivationError(
      alert.place,
      `${alert.name} watches whether targets are up, but Prometheus scrapes none of them; give one a scrape path`,
    );
  }
  return `${selector('up', ownMatchers(context))} == 0`;
};
