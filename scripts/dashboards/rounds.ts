import type { Catalogue } from '../../thresholds/model.ts';
import type { PanelQuery } from './panel-query.ts';

/** What is disturbed, once for all queries that should show it. */
export type Disturbed = NonNullable<PanelQuery['shows']>;

/** Disturbances that are on at the same time, each with the queries that should show it. */
export type Round = { disturbance: Disturbed; queries: PanelQuery[] }[];

/**
 * Puts disturbances into as few rounds as may be. At one service there is one at a time, and while a provider of language models is
 * disturbed nothing else of its system is: who calls it shows that too.
 */
export function planRounds(queries: readonly PanelQuery[], catalogue: Catalogue): Round[] {
  const providers = new Set(
    catalogue.systems.flatMap(({ services }) =>
      services.filter(({ kind }) => kind === 'llm').map(({ target }) => target),
    ),
  );
  const byDisturbance = new Map<string, Round[number]>();
  for (const query of queries) {
    if (query.shows === null) continue;
    const key = JSON.stringify(query.shows, Object.keys(query.shows).sort());
    const entry = byDisturbance.get(key) ?? { disturbance: query.shows, queries: [] };
    entry.queries.push(query);
    byDisturbance.set(key, entry);
  }
  const conflict = (a: Disturbed, b: Disturbed) =>
    a.system === b.system && (a.service === b.service || providers.has(target(a)) || providers.has(target(b)));
  const rounds: Round[] = [];
  for (const entry of byDisturbance.values()) {
    const free = rounds.find((round) => round.every(({ disturbance }) => !conflict(disturbance, entry.disturbance)));
    if (free === undefined) rounds.push([entry]);
    else free.push(entry);
  }
  return rounds;
}

export function target({ system, service }: Pick<Disturbed, 'system' | 'service'>): string {
  return `${system}/${service}`;
}
