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
  return {
    probe: resolveProbe(service.probe ?? defaultProbe(service), service),
    furtherProbes: new Map(
      Object.entries(service.probes ?? {}).map(([name, probe]) => [name, resolveProbe(probe, service)]),
    ),
  };
}

function resolveProbe(probe: ProbeDocument, service: ServiceDocument): ProbeSpec {
  const intervalMs = probe.interval === undefined ? CARD.probe.intervalMs : parseDurationMs(probe.interval);
  const timing = {
    intervalMs,
    timeoutMs: probe.timeout === undefined ? CARD.probe.timeoutMs : parseDurationMs(probe.timeout),
    degradedAboveMs: probe.degradedAbove === undefined ? null : parseDurationMs(probe.degradedAbove),
    confirm: {
      fail: parseOfLatest(probe.confirm?.fail ?? '') ?? CARD.probe.confirm.fail,
      recover: parseOfLatest(probe.confirm?.recover ?? '') ?? CARD.probe.confirm.recover,
    },
    recheckMs: resolveRecheckMs(probe.recheck, intervalMs),
  };
  const loader = PROBE_LOADERS[probe.kind] as ProbeLoader<ProbeKindName>;
  return loader.resolve(probe, timing, service);
}

/** Null where a faster look would gain nothing. */
function resolveRecheckMs(recheck: string | undefined, intervalMs: number): number | null {
  const { intervalShare, minMs } = CARD.probe.recheck;
  const ms = recheck === undefined ? Math.max(minMs, Math.round(intervalMs * intervalShare)) : parseDurationMs(recheck);
  return ms < intervalMs ? ms : null;
}

/**
 * An MCP endpoint is never asked by a plain GET, and a legacy one never by `initialize` alone: both leak memory on servers in use
 * (a retained session, a stream without a reader). A TCP connection says less but does no harm.
 */
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
      return { kind: 'http', path: `${service.llm.basePath ?? ''}/models` };
    case 'mcp':
      return service.mcp.transport === 'openapi'
        ? { kind: 'http', path: '/openapi.json', expect: { json: { '$.openapi': { type: 'string' } } } }
        : { kind: 'tcp' };
    case 'datastore':
      return { kind: 'tcp' };
    case 'exporter':
      return service.scrape === false
        ? { kind: 'tcp' }
        : { kind: 'http', path: service.scrape?.path ?? CARD.scrapePath, expect: { text: '(^|\\n)# TYPE ' } };
  }
}
