import type { MutableRule, Mutation } from '../mutant.ts';

const OTHER_SEVERITY: Readonly<Record<string, string>> = { critical: 'warning', warning: 'critical', page: 'ticket' };

/** A label of the alert with another value: a page that becomes a ticket, a team that is not the one on call. */
export function label({ labels }: MutableRule): Mutation[] {
  return Object.entries(labels).map(([name, value]) => {
    const other = (name === 'severity' ? OTHER_SEVERITY[value] : undefined) ?? `${value}-mutated`;
    return {
      what: `label ${name}: ${value} becomes ${other}`,
      change: { labels: { ...labels, [name]: other } },
      at: null,
    };
  });
}
