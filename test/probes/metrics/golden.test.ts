import { describe, expect, it } from 'vitest';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import { mcpSpec } from '../kinds/mcp/support.ts';
import { dnsSpec, grpcSpec, heartbeatSpec, postgresSpec, prometheusSpec, redisSpec } from '../specs.ts';
import { httpSpec, httpStep, target, tcpSpec, tlsSpec, websocketSpec } from '../support.ts';
import { CERTIFICATE, FAILED, MCP, runSample, UNKNOWN } from './samples.ts';

const everything = {
  degradedAboveMs: 500,
  expect: { status: [200], json: {}, text: 'ok', headers: { 'X-A': 'b' } },
};
const planned: ProbeTarget['maintenance'] = [{ kind: 'once', fromMs: 1, toMs: 2, note: '' }];

/** The same address over TLS, where the kind has such a form. */
const encrypted = (url: string) => url.replace(/^(http|ws|redis|grpc):/, '$1s:');

const slow = { degradedAboveMs: 500 };
const SERVICE_KINDS: Record<string, Partial<ProbeTarget>> = {
  redis: { url: 'redis://127.0.0.1', spec: redisSpec({ expect: null }) },
  'redis-everything': { url: 'rediss://cache.test', spec: redisSpec(slow), maintenance: planned },
  postgres: { url: 'postgres://127.0.0.1', spec: postgresSpec({ expectValue: null }) },
  'postgres-everything': {
    url: 'postgres://db.test',
    spec: postgresSpec({ ...slow, sslmode: 'verify-full' }),
    maintenance: planned,
  },
  dns: { url: 'dns://127.0.0.1', spec: dnsSpec() },
  'dns-everything': {
    url: 'dns://ns.test',
    spec: dnsSpec({ ...slow, type: 'SOA', expect: { ...dnsSpec().expect, answers: ['ns'] } }),
    maintenance: planned,
  },
  grpc: { url: 'grpc://127.0.0.1:50051', spec: grpcSpec() },
  'grpc-everything': { url: 'grpcs://cart.test:443', spec: grpcSpec(slow), maintenance: planned },
  'prometheus-query': {
    url: 'http://127.0.0.1:9090',
    spec: prometheusSpec({ what: 'query', expr: 'up', condition: { above: 0 }, allowEmpty: false }),
  },
  'prometheus-targets-everything': {
    url: 'https://prometheus.test',
    spec: prometheusSpec({ what: 'targets', jobs: [], atLeast: null }, slow),
    maintenance: planned,
  },
  'prometheus-rules': { url: 'http://127.0.0.1:9090', spec: prometheusSpec({ what: 'rules', groups: [] }) },
  heartbeat: { url: 'https://backup.test', spec: heartbeatSpec() },
};

/** Each kind in its smallest and in its largest form. */
const KINDS: Record<string, Partial<ProbeTarget>> = {
  http: { url: 'http://127.0.0.1:8080' },
  'http-refused': { url: 'http://127.0.0.1:8080', spec: httpSpec({ mustRefuse: true }) },
  'https-everything': { url: 'https://cart.test', spec: httpSpec(everything), maintenance: planned },
  'https-steps': {
    url: 'https://cart.test',
    spec: httpSpec({ degradedAboveMs: 500, steps: [httpStep(everything), httpStep(everything)] }),
    maintenance: planned,
  },
  'https-exports': {
    url: 'https://cart.test',
    spec: httpSpec({ exports: ['phase-histograms', 'tls', 'certificate', 'answer', 'address'] }),
  },
  tls: { url: 'tls://cart.test:443', spec: tlsSpec() },
  'tls-everything': {
    url: 'tls://cart.test:443',
    spec: tlsSpec({ degradedAboveMs: 500, exports: ['certificate'] }),
    maintenance: planned,
  },
  websocket: { url: 'ws://127.0.0.1:8080', spec: websocketSpec() },
  'websocket-everything': {
    url: 'wss://cart.test',
    spec: websocketSpec({ degradedAboveMs: 500, expectText: 'pong' }),
    maintenance: planned,
  },
  mcp: { url: 'http://127.0.0.1:8080', spec: mcpSpec() },
  'mcp-everything': {
    url: 'https://tools.test',
    spec: mcpSpec({ degradedAboveMs: 500, schemas: { echo: '0'.repeat(16) } }),
    maintenance: planned,
  },
  'mcp-proxy': {
    url: 'https://tools.test',
    spec: mcpSpec({ transport: 'openapi', degradedAboveMs: 500 }),
    maintenance: planned,
  },
  'mcp-operations': { url: 'http://127.0.0.1:8080', spec: mcpSpec({ exports: ['operations'] }) },
  ...SERVICE_KINDS,
  tcp: { url: 'tcp://127.0.0.1:6379', spec: tcpSpec() },
  'tcp-everything': { url: 'tcp://cache.test:6379', spec: tcpSpec({ expectText: 'PONG', degradedAboveMs: 500 }) },
};

function page(change: Partial<ProbeTarget>, results: Parameters<typeof runSample>[0][]) {
  const registry = createRegistry();
  const series = registry.add(target(change));
  for (const result of results) recordRun(series, runSample(result));
  return [...renderText(registry)].join('');
}

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const namesOf = (text: string) => seriesOf(text).map((line) => line.slice(0, line.lastIndexOf(' ')));

describe.each(Object.entries(KINDS))('the page of an %s target', (kind, change) => {
  it('is exactly the golden one after a success, a failure and an unknown run', async () => {
    await expect(page(change, [{}, FAILED, UNKNOWN])).toMatchFileSnapshot(`golden/${kind}.prom`);
  });

  // What `export` asks for comes on top, and is named there with its number.
  it.skipIf(kind === 'https-exports' || kind === 'mcp-operations')(
    'has at most 40 series, also encrypted, with a planned window and a limit',
    () => {
      const fullest = {
        ...change,
        url: encrypted(change.url ?? target({}).url),
        spec: { ...(change.spec ?? httpSpec()), degradedAboveMs: 500 },
        maintenance: planned,
      };
      const facts = { ...CERTIFICATE, mcp: MCP };
      expect(seriesOf(page(fullest, [{ facts }])).length).toBeLessThanOrEqual(40);
    },
  );

  it('has the same label sets in failure as in success', () => {
    const expiry = { facts: { ...CERTIFICATE, mcp: MCP } };
    expect(namesOf(page(change, [{ ...FAILED, ...expiry }]))).toEqual(namesOf(page(change, [expiry])));
  });

  it('starts with every counter at 0 and no gauge', () => {
    const lines = seriesOf(page(change, []));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^(probe_(http_)?(results_total|all_)|mcp_client_).* 0$/.test(line))).toEqual([]);
  });
});

describe('the page', () => {
  it('keeps the expiry of the certificate when a later run does not see it', () => {
    const text = page({ url: 'https://cart.test' }, [{ facts: { certificateExpirySeconds: 1_800_000_000 } }, FAILED]);
    expect(text).toMatch(/^probe_ssl_earliest_cert_expiry\{.*\} 1800000000$/m);
  });

  it('counts each failure under one reason', () => {
    const reasons = [
      'refused',
      'unreachable',
      'reset',
      'timeout',
      'dns',
      'tls',
      'certificate-expired',
      'status',
      'header',
      'text',
      'json',
      'not-json',
      'body-too-large',
      'headers-too-large',
      'encoding',
      'extract',
      'certificate-not-yet-valid',
      'certificate-expiring',
      'certificate-name',
      'certificate-self-signed',
      'certificate-untrusted',
      'certificate-mismatch',
      'tls-version',
      'closed',
      'truncated',
      'slow',
      'upgrade',
      'redirect',
      'protocol',
    ] as const;
    const text = page(
      { url: 'https://cart.test' },
      reasons.map((reason) => ({ ...FAILED, reason })),
    );
    const counted = seriesOf(text).filter((line) => line.startsWith('probe_results_total') && line.includes('failure'));
    expect(counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(reasons.length);
  });

  it('escapes label values', () => {
    expect(page({ id: 'a\\b"c\nd' }, [])).toContain('target="a\\\\b\\"c\\nd"');
  });
});
