import { CARD } from '../card.ts';
import { parseOfLatest } from '../confirmation.ts';
import type { ServiceDocument } from '../document/document.ts';
import type { ProbeDocument } from '../document/probe.ts';
import type { ProbeKindName, ProbeSpec } from '../model.ts';
import { parseDurationMs } from '../units.ts';
import type { ProbeLoader } from './probe/loader.ts';
import { PROBE_LOADERS } from './probe-loaders.ts';

/** How a service is probed: as the catalogue says, or by the cheapest request that shows that it answers. */
export function resolveProbes(service: ServiceDocument): {
  probe: ProbeSpec;
  furtherProbes: ReadonlyMap<string, ProbeSpec>;
} {
  const main = resolveProbe(service.probe ?? defaultProbe(service), service);
  const named = Object.entries(service.probes ?? {}).map(([name, probe]) => ({
    name,
    ...resolveProbe(probe, service),
  }));
  return {
    probe: main.spec,
    furtherProbes: new Map([
      ...Object.entries(main.further),
      ...named.flatMap(({ name, spec, further }): [string, ProbeSpec][] => [
        [name, spec],
        ...Object.entries(further).map(([part, each]): [string, ProbeSpec] => [`${name}-${part}`, each]),
      ]),
    ]),
  };
}

/** The spec of a probe that belongs to no service, for kinds that take nothing from theirs. */
export function resolveLoneProbe(probe: Extract<ProbeDocument, { kind: 'http' | 'tcp' | 'tls' }>): ProbeSpec {
  return resolveProbe(probe, { kind: 'exporter' } as ServiceDocument).spec;
}

function resolveProbe(
  probe: ProbeDocument,
  service: ServiceDocument,
): { spec: ProbeSpec; further: Record<string, ProbeSpec> } {
  const intervalMs = probe.interval === undefined ? CARD.probe.intervalMs : parseDurationMs(probe.interval);
  const timing = {
    intervalMs,
    timeoutMs: probe.timeout === undefined ? CARD.probe.timeoutMs : parseDurationMs(probe.timeout),
    degradedAboveMs: probe.degradedAbove === undefined ? null : parseDurationMs(probe.degradedAbove),
    failAboveMs: probe.failAbove === undefined ? null : parseDurationMs(probe.failAbove),
    confirm: {
      fail: parseOfLatest(probe.confirm?.fail ?? '') ?? CARD.probe.confirm.fail,
      recover: parseOfLatest(probe.confirm?.recover ?? '') ?? CARD.probe.confirm.recover,
    },
    recheckMs: resolveRecheckMs(probe.recheck, intervalMs),
  };
  const loader = PROBE_LOADERS[probe.kind] as ProbeLoader<ProbeKindName>;
  return { spec: loader.resolve(probe, timing, service), further: loader.further?.(probe, timing, service) ?? {} };
}

/** Null where a faster look would gain nothing. */
function resolveRecheckMs(recheck: string | undefined, intervalMs: number): number | null {
  const { intervalShare, minMs } = CARD.probe.recheck;
  const ms = recheck === undefined ? Math.max(minMs, Math.round(intervalMs * intervalShare)) : parseDurationMs(recheck);
  return ms < intervalMs ? ms : null;
}

/** The probe of a service that names none. Datastores of an unknown make get a TCP connection: it says little but does no harm. */
function defaultProbe(service: ServiceDocument): ProbeDocument {
  switch (service.kind) {
    case 'http': {
      const plain = service.endpoints.find(
        (endpoint) => (endpoint.method ?? 'GET') === 'GET' && !endpoint.path.includes('{'),
      );
      return plain === undefined
        ? { kind: 'tcp' }
        : { kind: 'http', path: plain.path, ...(plain.expect === undefined ? {} : { expect: plain.expect }) };
    }
    case 'llm':
      return { kind: 'llm' };
    case 'mcp':
      return { kind: 'mcp' };
    case 'datastore':
      return { kind: service.engine === 'other' ? 'tcp' : service.engine };
    case 'exporter':
      return service.scrape === false
        ? { kind: 'tcp' }
        : { kind: 'http', path: service.scrape?.path ?? CARD.scrapePath, expect: { text: '(^|\\n)# TYPE ' } };
  }
}
