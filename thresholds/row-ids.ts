import type { LoadedService } from './model.ts';

/**
 * A short, stable name for each endpoint of these services, in their order: `<system>/<service>/<endpoint>`. It is free of what
 * k6 reserves in the names of thresholds, where it splits at commas and trims braces and quotes.
 */
export function rowIds(services: readonly LoadedService[]): string[] {
  const seen = new Map<string, number>();
  return services.flatMap((service) =>
    service.endpoints.map((endpoint) => {
      const safe = endpoint.id
        .replace(/\{/g, '(')
        .replace(/\}/g, ')')
        .replace(/[,"'`\\]/g, ';')
        .trim();
      const id = `${service.target}/${safe}`;
      const times = (seen.get(id) ?? 0) + 1;
      seen.set(id, times);
      return times === 1 ? id : `${id} #${times}`;
    }),
  );
}
