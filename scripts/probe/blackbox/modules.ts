import { resolveLoneProbe } from '../../../thresholds/load/resolve-probe.ts';
import type { HttpExport, HttpProbeSpec, ProbeSpec } from '../../../thresholds/model.ts';

/** A way to probe any address, under a name of blackbox_exporter's example configuration or of a probe kind. */
export interface Module {
  spec: ProbeSpec;
  /** Scheme of a target that names none. */
  scheme: 'http:' | 'tcp:';
}

const SUCCESSFUL = Array.from({ length: 100 }, (_, index) => 200 + index);

/** Every series that a kind has: whoever asks for one target need not save on them. */
const HTTP_EXPORTS: readonly HttpExport[] = ['answer', 'address', 'tls', 'certificate'];
const TLS_EXPORTS = ['certificate'] as const;

/** The modules by name. Kinds that need more than an address (a query, a tool, a prompt) are those of catalogue targets alone. */
export function modules(): ReadonlyMap<string, Module> {
  const http = (method: string): Module => ({
    scheme: 'http:',
    spec: everySeries(resolveLoneProbe({ kind: 'http', method, expect: { status: SUCCESSFUL } })),
  });
  const tcp = (expectText?: string): Module => ({
    scheme: 'tcp:',
    spec: everySeries(resolveLoneProbe({ kind: 'tcp', ...(expectText !== undefined && { expectText }) })),
  });
  const tls: Module = { scheme: 'tcp:', spec: everySeries(resolveLoneProbe({ kind: 'tls' })) };
  return new Map([
    ['http', http('GET')],
    ['http_2xx', http('GET')],
    ['http_post_2xx', http('POST')],
    ['tcp', tcp()],
    ['tcp_connect', tcp()],
    ['ssh_banner', tcp('^SSH-2\\.0-')],
    ['tls', tls],
    ['tls_connect', tls],
  ]);
}

/** The spec with all series that its kind can export for a single look. */
export function everySeries(spec: ProbeSpec): ProbeSpec {
  if (spec.kind === 'http') return { ...spec, exports: HTTP_EXPORTS };
  if (spec.kind === 'tls') return { ...spec, exports: TLS_EXPORTS };
  return spec;
}

/** Path and query of an http target go into the request; the spec asks for them at the root of its address. */
export function atPath(spec: HttpProbeSpec, path: string): HttpProbeSpec {
  const [first, ...rest] = spec.steps;
  return { ...spec, steps: [{ ...first, path }, ...rest] };
}
