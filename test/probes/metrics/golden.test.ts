import { describe, expect, it } from 'vitest';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import { httpSpec, target, tcpSpec } from '../support.ts';
import { FAILED, runSample, UNKNOWN } from './samples.ts';

const everything = httpSpec({
  degradedAboveMs: 500,
  expect: { status: [200], json: {}, text: 'ok', headers: { 'X-A': 'b' } },
});

/** Each kind in its smallest and in its largest form. */
const KINDS: Record<string, Partial<ProbeTarget>> = {
  http: { url: 'http://127.0.0.1:8080' },
  'https-everything': { url: 'https://cart.test', spec: everything },
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

  it('has at most 40 series', () => {
    const certificate = { facts: { ipProtocol: 4, certificateExpirySeconds: 1_800_000_000 } };
    expect(seriesOf(page(change, [certificate])).length).toBeLessThanOrEqual(40);
  });

  it('has the same label sets in failure as in success', () => {
    const expiry = { facts: { certificateExpirySeconds: 1_800_000_000 } };
    expect(namesOf(page(change, [{ ...FAILED, ...expiry }]))).toEqual(namesOf(page(change, [expiry])));
  });

  it('starts with every counter at 0 and no gauge', () => {
    const lines = seriesOf(page(change, []));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^probe_(results_total|all_).* 0$/.test(line))).toEqual([]);
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
