import { describe, expect, it } from 'vitest';
import { createWriteRequestBuffer } from '../../../probes/delivery/encode.ts';
import { type InfoDef, infoSlots } from '../../../probes/metrics/info.ts';
import { forgetGauges, recordRun, type TargetSeries } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import type { ProbeResult } from '../../../probes/result.ts';
import { target } from '../support.ts';
import { decodeWriteRequest } from '../write-request.ts';
import { FAILED, runSample, UNKNOWN } from './samples.ts';

const version: InfoDef = {
  family: { name: 'probe_tls_version_info', type: 'gauge', help: 'Version.' },
  labels: ['version'],
  read: ({ result }) => (result.facts.httpVersion === undefined ? undefined : [`HTTP ${result.facts.httpVersion}`]),
};

/** A target with nothing but an info series, after these runs. */
function seriesAfter(...results: Partial<ProbeResult>[]): TargetSeries {
  const series: TargetSeries = {
    target: target(),
    layout: { id: 'info', series: [], infos: [version] },
    values: new Float64Array(0),
    infos: infoSlots([version]),
  };
  for (const result of results) recordRun(series, runSample(result));
  return series;
}

const seen = (httpVersion: number): Partial<ProbeResult> => ({ facts: { httpVersion } });

/** What a push carries: label sets, with the value or the word stale. */
function pushed(series: TargetSeries, stale = false) {
  const buffer = createWriteRequestBuffer();
  expect(buffer.append(series, 1_700_000_000_123, stale)).toBe(true);
  return decodeWriteRequest(buffer.take()).map(({ labels, samples }) => {
    const names = labels.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const value = samples[0]?.value ?? 0;
    return `${labels.at(-1)?.name}=${labels.at(-1)?.value} ${Number.isNaN(value) ? 'stale' : value}`;
  });
}

const page = (series: TargetSeries) =>
  [...renderText({ all: () => [series] })]
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('an info series', () => {
  it('stands with what was seen, its label in its sorted place', () => {
    const series = seriesAfter(seen(1.1));
    expect(pushed(series)).toEqual(['version=HTTP 1.1 1']);
    expect(page(series)).toEqual([
      'probe_tls_version_info{environment="test",job="firedrill",service="cart",system="shop",target="shop/cart",version="HTTP 1.1"} 1',
    ]);
  });

  it('is not there before anything was seen', () => {
    expect(pushed(seriesAfter())).toEqual([]);
    expect(page(seriesAfter())).toEqual([]);
  });

  it('ends at once when another value is seen, and only once', () => {
    const series = seriesAfter(seen(1.1), seen(2));
    expect(pushed(series)).toEqual(['version=HTTP 1.1 stale', 'version=HTTP 2 1']);
    expect(page(series)).toHaveLength(1);
    recordRun(series, runSample(seen(2)));
    expect(pushed(series)).toEqual(['version=HTTP 2 1']);
  });

  it.each([
    ['a failure that saw nothing', FAILED],
    ['an unknown run', UNKNOWN],
    ['an unknown run that saw something else', { ...UNKNOWN, facts: { httpVersion: 2 } }],
  ])('stays through %s', (_, result) => {
    expect(pushed(seriesAfter(seen(1.1), result))).toEqual(['version=HTTP 1.1 1']);
  });

  it('ends with its target, and is forgotten with the gauges', () => {
    const series = seriesAfter(seen(1.1));
    expect(pushed(series, true)).toEqual(['version=HTTP 1.1 stale']);
    forgetGauges(series);
    expect(pushed(series)).toEqual([]);
    recordRun(series, runSample(seen(1.1)));
    expect(pushed(series)).toEqual(['version=HTTP 1.1 1']);
  });

  it('is written whole or not at all', () => {
    const buffer = createWriteRequestBuffer(200);
    expect(buffer.append(seriesAfter(seen(1.1), seen(2)), 1)).toBe(false);
    expect(buffer.samples).toBe(0);
  });

  it('is of bounded length, whatever a peer puts into it', () => {
    const series = seriesAfter({ facts: { httpVersion: 1 } });
    const long: InfoDef = { ...version, read: () => ['x'.repeat(10_000)] };
    const state = { ...series, layout: { ...series.layout, infos: [long] } };
    recordRun(state, runSample());
    expect(page(state)[0]?.length).toBeLessThan(500);
  });
});
