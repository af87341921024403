import type { MutableRule, Mutation } from '../mutant.ts';

/** The alert under another name: routes, silences and inhibitions that name it no longer hold. */
export function rename({ alert }: MutableRule): Mutation[] {
  return [{ what: `alert renamed to ${alert}Renamed`, change: { alert: `${alert}Renamed` }, at: null }];
}
