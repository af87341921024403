import { describe, expect, it } from 'vitest';
import { DURATION_BUCKETS } from '../../../probes/metrics/common.ts';
import { negotiateFormat, OPENMETRICS_TEXT, PROMETHEUS_TEXT } from '../../../probes/metrics/text-format.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { until } from '../../probes/support.ts';
import { testPrometheuses, testRun } from '../stack/helpers.ts';
import { OPENMETRICS_ACCEPT, tracedProber } from './traced-prober.ts';

describe('the format of /metrics', () => {
  it.each([
    ['nothing', undefined, PROMETHEUS_TEXT],
    ['anything', '*/*', PROMETHEUS_TEXT],
    ['what Prometheus 2.42 sends', OPENMETRICS_ACCEPT, OPENMETRICS_TEXT],
    ['OpenMetrics alone', 'application/openmetrics-text', OPENMETRICS_TEXT],
    ['OpenMetrics less than text', 'application/openmetrics-text;q=0.1,text/plain;q=0.9', PROMETHEUS_TEXT],
    ['a later OpenMetrics', 'application/openmetrics-text;version=2.0.0', PROMETHEUS_TEXT],
    ['no OpenMetrics', 'application/openmetrics-text;q=0', PROMETHEUS_TEXT],
  ])('asked for %s', (_, accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });

  it('as OpenMetrics: counters by their family, an exemplar on the lowest bucket, an end', async () => {
    await using prober = await tracedProber();
    const page = await until(async () => {
      const answer = await fetch(`${prober.url}/metrics`, { headers: { accept: OPENMETRICS_ACCEPT } });
      expect(answer.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      const text = await answer.text();
      return text.includes('trace_id') ? text : undefined;
    });
    expect(page).toMatch(/# EOF\n$/);
    expect(page.match(/# EOF/g)).toHaveLength(1);
    expect(page).toContain('# TYPE probe_results counter\n');
    expect(page).toMatch(/^probe_results_total\{/m);
    expect(page).not.toContain('# TYPE probe_results_total');
    const exemplars = [...page.matchAll(/^(\S+) \S+ # \{trace_id="([0-9a-f]{32})"\} (\S+)$/gm)];
    expect(exemplars).toHaveLength(1);
    const [, series = '', traceId, seconds] = exemplars[0] ?? [];
    const bound = Number(/le="([^"]+)"/.exec(series)?.[1]);
    expect(series).toMatch(/^probe_all_duration_seconds_bucket\{/);
    expect(Number(seconds)).toBeLessThanOrEqual(bound);
    expect(DURATION_BUCKETS.find((each) => Number(seconds) <= each)).toBe(bound);
    // What the service was sent.
    expect(
      prober.seen.some((header) => header === undefined || !/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(header)),
    ).toBe(false);
    expect(prober.seen.some((header) => header?.includes(traceId ?? 'none'))).toBe(true);
  });
});

describe.each(await testPrometheuses())('Prometheus $version scrapes /metrics', (tool) => {
  it('as OpenMetrics, keeps the exemplars, and stores the same series as a push would', async () => {
    const { dir, scope } = await testRun();
    await using prober = await tracedProber();
    const { host } = new URL(prober.url);
    const prometheus = await startPrometheus({
      scope,
      tool,
      dir,
      config: `scrape_configs: [{ job_name: pulled, honor_labels: true, scrape_interval: 200ms, static_configs: [{ targets: ['${host}'] }] }]\n`,
      flags: ['--enable-feature=exemplar-storage'],
    });
    const value = async (query: string) => (await prometheus.query(query))[0]?.value;
    await until(async () => (((await value('probe_all_duration_seconds_count')) ?? 0) > 0 ? true : undefined), 20_000);
    expect(await value('up{job="pulled"}')).toBe(1);
    const [bucket] = await prometheus.query('probe_all_duration_seconds_bucket{le="1.0"}');
    expect(bucket?.labels).toEqual({
      __name__: 'probe_all_duration_seconds_bucket',
      environment: 'test',
      instance: host,
      job: 'firedrill',
      le: '1.0',
      service: 'web',
      system: 'shop',
      target: 'shop/web',
    });
    const found = await until(async () => {
      const range = `start=${Date.now() / 1_000 - 60}&end=${Date.now() / 1_000 + 60}`;
      const query = `query=${encodeURIComponent('probe_all_duration_seconds_bucket')}&${range}`;
      const { data } = (await (await fetch(`${prometheus.url}/api/v1/query_exemplars?${query}`)).json()) as {
        data: { exemplars: { labels: { trace_id: string } }[] }[];
      };
      return data.length > 0 ? data : undefined;
    });
    expect(found[0]?.exemplars[0]?.labels.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });
});
