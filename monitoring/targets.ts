import type { AddressBook, Catalogue, Service } from '../thresholds/model.ts';
import { LABEL } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import { generatedYaml } from './header.ts';

/** Targets that share labels, as Prometheus's file_sd reads them. */
export interface TargetGroup {
  targets: string[];
  labels: Record<string, string>;
}

export interface TargetOptions {
  /** Where services really listen; without an entry, the address of the catalogue, or `<service>:<port>` for a simulated one. */
  addresses: AddressBook;
  /** Write each service's own scrape interval; false where one interval is to rule them all, as in a drill. */
  ownIntervals: boolean;
}

export const DEFAULT_TARGET_OPTIONS: TargetOptions = { addresses: new Map(), ownIntervals: true };

/** Label that picks the scrape job with the right TLS settings; dropped after relabelling, as all that start with two underscores. */
export const TLS_LABEL = '__firedrill_tls';

/** TLS settings of a scrape job. */
export interface TlsProfile {
  /** Value of {@link TLS_LABEL}, and the end of the job's name. */
  key: string;
  caFile: string | null;
  insecure: boolean;
}

/** The profile of the simulated fleet's own certificates. */
export const FLEET_TLS = 'fleet';

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };
/** Prometheus's own default; a shorter interval takes it down with it. */
const SCRAPE_TIMEOUT_MS = 10_000;

/** One group for each scraped service: its address, how to scrape it, and the identity labels that all its series get. */
export function deriveTargets(catalogue: Catalogue, options: TargetOptions = DEFAULT_TARGET_OPTIONS): TargetGroup[] {
  return scrapedServices(catalogue).map((service) => targetGroup(catalogue.environment, service, options));
}

/** The text of `targets.yml`. */
export function deriveTargetsText(catalogue: Catalogue, options: TargetOptions = DEFAULT_TARGET_OPTIONS): string {
  return generatedYaml(deriveTargets(catalogue, options));
}

/** Services that Prometheus scrapes. */
export function scrapedServices(catalogue: Catalogue): (Service & { scrape: NonNullable<Service['scrape']> })[] {
  return catalogue.systems.flatMap(({ services }) =>
    services.flatMap((service) => (service.scrape === null ? [] : [{ ...service, scrape: service.scrape }])),
  );
}

/** TLS settings of a service. */
export function tlsProfile({ address, tls: { caFile, insecure } }: Service): TlsProfile {
  if (caFile !== null) return { key: `ca-${caFile}`, caFile, insecure };
  if (insecure) return { key: 'insecure', caFile, insecure };
  const own = address.kind === 'fleet' && address.tls;
  return { key: own ? FLEET_TLS : 'default', caFile, insecure };
}

/** Every TLS profile that scraped services need, by key. Without its authority's certificate the fleet cannot be verified, and is not. */
export function tlsProfiles(catalogue: Catalogue, fleetCaFile: string | null): ReadonlyMap<string, TlsProfile> {
  return new Map(
    scrapedServices(catalogue).map((service) => {
      const profile = tlsProfile(service);
      if (profile.key !== FLEET_TLS) return [profile.key, profile];
      return [FLEET_TLS, { key: FLEET_TLS, caFile: fleetCaFile, insecure: fleetCaFile === null }];
    }),
  );
}

function targetGroup(
  environment: string,
  service: Service & { scrape: NonNullable<Service['scrape']> },
  { addresses, ownIntervals }: TargetOptions,
): TargetGroup {
  const url = new URL(addresses.get(service.target) ?? catalogueAddress(service));
  const [path = '', query = ''] = service.scrape.path.split('?');
  const parameters = [...new URLSearchParams(query)].map(([name, value]) => [`__param_${name}`, value]);
  const intervalMs = ownIntervals ? service.scrape.intervalMs : null;
  return {
    targets: [`${url.hostname}:${url.port || (DEFAULT_PORT[url.protocol] ?? 80)}`],
    labels: {
      [LABEL.job]: service.system,
      [LABEL.system]: service.system,
      [LABEL.service]: service.id,
      [LABEL.environment]: environment,
      __scheme__: url.protocol.replace(':', ''),
      __metrics_path__: `${url.pathname.replace(/\/$/, '')}${path}`,
      ...Object.fromEntries(parameters),
      ...(intervalMs === null
        ? {}
        : {
            __scrape_interval__: formatPrometheusDuration(intervalMs),
            __scrape_timeout__: formatPrometheusDuration(Math.min(SCRAPE_TIMEOUT_MS, intervalMs)),
          }),
      [TLS_LABEL]: tlsProfile(service).key,
    },
  };
}

function catalogueAddress({ address, id, port }: Service): string {
  if (address.kind === 'url') return address.url;
  const scheme = address.tls ? 'https' : 'http';
  return port === null ? `${scheme}://${id}` : `${scheme}://${id}:${port}`;
}
