import type { Catalogue, Service } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { escapeRegExp, quote } from '../../promql/text.ts';
import { errorLimit } from '../limits.ts';
import { series } from './series.ts';

const BY = `sum by (${LABEL.system}, ${LABEL.service})`;

/** Services of one system that count their requests alike and promise the same. */
interface Group {
  system: string;
  services: Service[];
  metric: string;
  errors: string;
  /** Share of requests that may fail, 0 to 1. */
  allowed: number;
}

/** The services with a success objective that count their requests, grouped by how they do it. */
export function successGroups(catalogue: Catalogue): Group[] {
  const groups = new Map<string, Group>();
  for (const service of catalogue.systems.flatMap(({ services }) => services)) {
    const [requests, allowed] = [service.signals.requests, errorLimit([service])?.critical];
    if (requests === null || allowed === undefined || allowed === 0) continue;
    const key = JSON.stringify([service.system, requests, allowed]);
    const group = groups.get(key) ?? { system: service.system, services: [], allowed, ...requests };
    group.services.push(service);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The share of failed requests over a window, by service. */
export function failedShare(groups: readonly Group[], window: string): string {
  return either(groups.map((group) => share(group, window)));
}

/** How many times faster than allowed the error budget is used up: 1 uses it up exactly in its window. */
export function burnRate(groups: readonly Group[], window: string): string {
  return either(groups.map((group) => `${share(group, window)} / ${group.allowed}`));
}

/** A percentile of the time of an answer, by service. */
export function responseTime(catalogue: Catalogue, q: number): string {
  const groups = new Map<string, { system: string; metric: string; services: Service[] }>();
  for (const service of catalogue.systems.flatMap(({ services }) => services)) {
    const metric = service.signals.duration?.metric;
    if (metric === undefined) continue;
    const key = `${service.system} ${metric}`;
    const group = groups.get(key) ?? { system: service.system, metric, services: [] };
    group.services.push(service);
    groups.set(key, group);
  }
  const parts = [...groups.values()].map(
    ({ system, metric, services }) =>
      `histogram_quantile(${q}, sum by (le, ${LABEL.system}, ${LABEL.service}) ` +
      `(rate(${series(`${metric}_bucket`, ownMatchers(system, services))}[$__rate_interval])))`,
  );
  return either(parts);
}

function share({ system, services, metric, errors }: Group, window: string): string {
  const own = ownMatchers(system, services);
  const all = `${BY} (rate(${series(metric, own)}[${window}]))`;
  const failed = `${BY} (rate(${series(metric, [...own, errors])}[${window}]))`;
  return `(${failed} or 0 * ${all}) / (${all} > 0)`;
}

function ownMatchers(system: string, services: readonly Service[]): string[] {
  const names = services.map(({ id }) => escapeRegExp(id)).join('|');
  return [`${LABEL.system}=${quote(system)}`, `${LABEL.service}=~${quote(names)}`];
}

function either(parts: readonly string[]): string {
  return parts.join('\nor\n');
}
