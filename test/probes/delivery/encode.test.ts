import { describe, expect, it } from 'vitest';
import { createWriteRequestBuffer } from '../../../probes/delivery/encode.ts';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { runSample } from '../metrics/samples.ts';
import { target, tcpSpec } from '../support.ts';
import { decodeWriteRequest as decode } from '../write-request.ts';

function tcpSeries(id = 'shop/cache') {
  const series = createRegistry().add(
    target({ id, service: id.split('/')[1] ?? '', url: 'tcp://127.0.0.1:1', spec: tcpSpec() }),
  );
  recordRun(series, runSample());
  return series;
}

describe('a write request', () => {
  it('decodes to the values, labels sorted by name', () => {
    const buffer = createWriteRequestBuffer();
    const series = tcpSeries();
    expect(buffer.append(series, 1_700_000_000_123)).toBe(true);
    expect(buffer.samples).toBe(series.layout.series.length);
    const decoded = decode(buffer.take());
    expect(decoded).toHaveLength(series.layout.series.length);
    for (const { labels, samples } of decoded) {
      const names = labels.map(({ name }) => name);
      expect(names).toEqual([...names].sort());
      expect(samples).toHaveLength(1);
      expect(samples[0]?.timestamp).toBe(1_700_000_000_123);
    }
    const rows = decoded.map(({ labels, samples }) => [
      labels.map(({ name, value }) => `${name}=${value}`).join(' '),
      samples[0]?.value,
    ]);
    const shared = 'environment=test job=firedrill';
    const own = 'service=cache system=shop target=shop/cache';
    expect(rows).toContainEqual([`__name__=probe_success ${shared} ${own}`, 1]);
    expect(rows).toContainEqual([`__name__=probe_duration_seconds ${shared} ${own}`, 0.03]);
    expect(rows).toContainEqual([`__name__=probe_all_duration_seconds_bucket ${shared} le=0.1 ${own}`, 1]);
    expect(rows).toContainEqual([`__name__=probe_results_total ${shared} outcome=failure reason=refused ${own}`, 0]);
  });

  it('leaves out what has no value yet', () => {
    const buffer = createWriteRequestBuffer();
    const fresh = createRegistry().add(target());
    buffer.append(fresh, 1);
    expect(decode(buffer.take()).every(({ samples }) => samples[0]?.value === 0)).toBe(true);
  });

  it('ends a series with the stale marker, bit by bit', () => {
    const buffer = createWriteRequestBuffer();
    buffer.append(tcpSeries(), 1_700_000_000_123, true);
    const bytes = Buffer.from(buffer.take());
    const marker = Buffer.from('0200000000 00f07f'.replace(' ', ''), 'hex');
    expect(decode(bytes).every(({ samples }) => Number.isNaN(samples[0]?.value))).toBe(true);
    const count = bytes.toString('latin1').split(marker.toString('latin1')).length - 1;
    expect(count).toBe(decode(bytes).length);
  });

  it('takes a target whole or not at all', () => {
    const buffer = createWriteRequestBuffer(7_000);
    const series = Array.from({ length: 20 }, (_, i) => tcpSeries(`shop/cache-${i}`));
    const taken = series.filter((each) => buffer.append(each, 1)).length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(20);
    expect(buffer.samples % taken).toBe(0);
    expect(decode(buffer.take())).toHaveLength(taken * (series[0]?.layout.series.length ?? 0));
    expect(buffer.samples).toBe(0);
    expect(buffer.append(series[0] as (typeof series)[0], 1)).toBe(true);
  });
});
