import { suggest } from '../thresholds/load/suggest.ts';
import type { Catalogue } from '../thresholds/model.ts';
import { openCatalogue } from './catalogue-files.ts';
import type { CatalogueOptions } from './commands/command.ts';
import { UsageError } from './usage-error.ts';

/**
 * The catalogue of a command line: checked, in its environment, cut down to `--system` and `--service`.
 * @throws UsageError when it has problems, or when a named system or service does not exist.
 */
export function selectCatalogue(options: CatalogueOptions, env: NodeJS.ProcessEnv): Catalogue {
  const catalogue = openCatalogue(options.catalogue, { env, environment: options.environment ?? null });
  const systems = pick(catalogue.systems, options.system, 'system');
  const all = systems.flatMap((system) => system.services);
  const kept = new Set(pick(all, options.service, 'service').map((service) => service.target));
  return {
    ...catalogue,
    systems: systems
      .map((system) => ({ ...system, services: system.services.filter((service) => kept.has(service.target)) }))
      .filter((system) => system.services.length > 0),
  };
}

function pick<Item extends { id: string; target?: string }>(
  items: Item[],
  names: string[] | undefined,
  what: string,
): Item[] {
  if (names === undefined || names.length === 0) return items;
  const known = items.flatMap((item) => [item.id, ...(item.target === undefined ? [] : [item.target])]);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    throw new UsageError(
      `there is no ${what} ${JSON.stringify(name)} in the catalogue`,
      near === undefined
        ? `choose one of ${items.map((item) => item.target ?? item.id).join(', ')}`
        : `did you mean ${near}?`,
    );
  }
  return items.filter((item) => names.includes(item.id) || (item.target !== undefined && names.includes(item.target)));
}
