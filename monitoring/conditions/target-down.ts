import { DerivationError } from '../derivation-error.ts';
import { selector } from '../promql/text.ts';
import { type ConditionExpression, ownMatchers, watchedServices } from './condition.ts';

/** A scraped service does not answer Prometheus. `up` carries the identity labels because they are labels of the target. */
export const targetDown: ConditionExpression<'target-down'> = (_condition, context) => {
  if (watchedServices(context).every(({ scrape }) => scrape === null)) {
    const { alert } = context;
    throw new DerivationError(
      alert.place,
      `${alert.name} watches whether targets are up, but Prometheus scrapes none of them; give one a scrape path`,
    );
  }
  return `${selector('up', ownMatchers(context))} == 0`;
};
