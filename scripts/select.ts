import { suggest } from '../thresholds/load/suggest.ts';
import type { Catalogue, System } from '../thresholds/model.ts';
import { openCatalogue } from './catalogue-files.ts';
import type { CatalogueOptions } from './commands/command.ts';
import { UsageError } from './usage-error.ts';

/** The part of a catalogue that a command works on. */
export interface Selection {
  /** What was asked for: the services to load, probe and judge, and the alerts that concern them. */
  catalogue: Catalogue;
  /** The same systems whole: what the fleet has to simulate, since services call each other. */
  surroundings: Catalogue;
}

/**
 * The catalogue of a command line: checked, in its environment, cut down to `--system` and `--service`.
 * @throws UsageError when it has problems, or when a named system or service does not exist.
 */
export function selectCatalogue(options: CatalogueOptions, env: NodeJS.ProcessEnv): Selection {
  const whole = openCatalogue(options.catalogue, { env, environment: options.environment ?? null });
  const systems = pick(whole.systems, options.system, 'system');
  const services = systems.flatMap((system) => system.services);
  const kept = new Set(pick(services, options.service, 'service').map((service) => service.target));
  const touched = systems.filter((system) => system.services.some((service) => kept.has(service.target)));
  return {
    catalogue: { ...whole, systems: touched.map((system) => cut(system, kept)) },
    surroundings: { ...whole, systems: touched },
  };
}

/** A system with some of its services, and the alerts that can be drilled on those. */
function cut(system: System, kept: ReadonlySet<string>): System {
  const services = system.services.filter((service) => kept.has(service.target));
  if (services.length === system.services.length) return system;
  const has = (id: string | null | undefined) =>
    id === null || id === undefined || services.some((service) => service.id === id);
  return {
    ...system,
    services,
    alerts: system.alerts.filter((alert) => has(alert.service) && has(alert.fault?.service)),
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
