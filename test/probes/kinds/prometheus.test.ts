import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import type {
  Auth,
  PrometheusCheck,
  PrometheusProbeSpec,
  QueryCheck,
  RulesCheck,
  TargetsCheck,
} from '../../../thresholds/model.ts';
import { describeWith } from '../servers/available.ts';
import { startNodeExporter } from '../servers/node-exporter.ts';
import { prometheusSpec } from '../specs.ts';
import {
  closedPort,
  context,
  httpSpec,
  httpStep,
  options,
  runOnce,
  serveHttp,
  target,
  unexplainedSeconds,
  until,
} from '../support.ts';

const query = (expr: string, condition: QueryCheck['condition'] = { above: 0 }, allowEmpty = false): QueryCheck => ({
  what: 'query',
  expr,
  condition,
  allowEmpty,
});
const targets = (change: Partial<TargetsCheck> = {}): TargetsCheck => ({
  what: 'targets',
  jobs: [],
  atLeast: null,
  ...change,
});
const rules = (...groups: string[]): RulesCheck => ({ what: 'rules', groups });

const ask = (
  url: string,
  check: PrometheusCheck,
  change: Partial<PrometheusProbeSpec> = {},
  auth: Auth | null = null,
) => runOnce(context, target({ url, auth, spec: prometheusSpec(check, { timeoutMs: 5_000, ...change }) }), options());

const describeReal = await describeWith('prometheus', 'node_exporter');

describeReal('a prometheus probe of a real Prometheus', () => {
  const scope = new ProcessScope();
  let folder: string;
  let exporter: Awaited<ReturnType<typeof startNodeExporter>>;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
    exporter = await startNodeExporter();
    const dead = await closedPort();
    const job = (name: string, ...ports: number[]) =>
      `  - job_name: ${name}\n    static_configs: [{ targets: [${ports.map((port) => `'127.0.0.1:${port}'`).join(', ')}] }]\n`;
    const prometheus = await startPrometheus({
      scope,
      tool: await resolveTool('prometheus'),
      dir: join(folder, 'prometheus'),
      config: `global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }\nrule_files: [rules.yml]\nscrape_configs:\n${job('node', exporter.port)}${job('mixed', exporter.port, dead)}${job('dead', dead)}`,
      ruleFiles: {
        'rules.yml': [
          'groups:',
          '  - name: good',
          '    rules: [{ record: one, expr: vector(1) }]',
          '  - name: bad',
          '    rules: [{ record: two, expr: up * on() up }]',
          '',
        ].join('\n'),
      },
    });
    url = prometheus.url;
    await until(async () => {
      const { facts } = await ask(url, targets());
      const { rules: seen } = (await ask(url, rules())).facts.prometheus ?? {};
      return facts.prometheus?.targets?.unknown === 0 && seen?.unknown === 0 && seen.err > 0 ? true : undefined;
    }, 40_000);
  }, 60_000);
  afterAll(async () => {
    await scope.stopAll();
    await exporter?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('succeeds on a condition that holds, and explains where the time went', async () => {
    const result = await ask(url, query('count(up)', { equals: 4 }));
    expect(result).toMatchObject({
      outcome: 'success',
      facts: { status: 200, prometheus: { series: 1, value: 4, warnings: [] } },
    });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it.each<[string, PrometheusCheck]>([
    ['a value above', query('up{job="node"}')],
    ['a value below', query('vector(0.5)', { below: 1 })],
    ['a scalar', query('scalar(vector(2))', { equals: 2 })],
    ['infinity above all', query('vector(1) / 0')],
    ['nothing, where that will do', query('nothing', { above: 0 }, true)],
    ['a job that is up', targets({ jobs: ['node'] })],
    ['enough targets up', targets({ atLeast: 2 })],
  ])('succeeds on %s', async (_, check) => {
    expect(await ask(url, check)).toMatchObject({ outcome: 'success', detail: '' });
  });

  it.each<[string, PrometheusCheck, string, RegExp]>([
    ['a value that is not above', query('count(up)', { above: 4 }), 'value', /^the value is 4, expected above 4$/],
    ['a value that is not below', query('count(up)', { below: 4 }), 'value', /expected below 4$/],
    ['another value', query('count(up)', { equals: 5 }), 'value', /expected 5$/],
    ['one of several series', query('up{job="mixed"}'), 'value', /^up\{.*\} is 0, expected above 0$/],
    ['no series', query('nothing'), 'empty', /no series/],
    ['NaN', query('vector(0) / 0', { below: 1 }), 'value', /is NaN/],
    ['an expression that fails', query('up * on() up'), 'query', /duplicate series/],
    ['a target that is down', targets(), 'target-down', /^2 of 4 targets up: (mixed|dead) 127\.0\.0\.1:\d+ .*refused/],
    ['too few targets up', targets({ atLeast: 3 }), 'target-down', /^2 of 4 targets up, expected at least 3/],
    ['a named job that is down', targets({ jobs: ['node', 'dead'] }), 'target-down', /^1 of 2 targets up: dead/],
    ['a job that is missing', targets({ jobs: ['node', 'ghost'], atLeast: 1 }), 'empty', /^no target of job ghost$/],
    ['a rule that is not evaluated well', rules(), 'rule-error', /^bad\/two: .*duplicate series/],
  ])('fails on %s', async (_, check, reason, detail) => {
    const result = await ask(url, check);
    expect(result).toMatchObject({ outcome: 'failure', reason });
    expect(result.detail).toMatch(detail);
  });

  it.each<[string, PrometheusCheck]>([
    ['an expression that is none', query('up{')],
    ['a result without a value', query('up[1m]')],
    ['a text', query('"text"')],
  ])('cannot judge by %s', async (_, check) => {
    expect(await ask(url, check)).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });

  it('looks at the exporter too', async () => {
    const spec = httpSpec({
      path: '/metrics',
      expect: { ...httpStep().expect, text: '(^|\\n)# TYPE node_load1 gauge' },
    });
    const result = await runOnce(context, target({ url: `http://127.0.0.1:${exporter.port}`, spec }), options());
    expect(result).toMatchObject({ outcome: 'success' });
  });
});

describe('a prometheus probe of something else', () => {
  const json =
    (status: number, body: object): RequestListener =>
    (_, response) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const text =
    (status: number, type: string, body: string): RequestListener =>
    (_, response) =>
      void response.writeHead(status, { 'content-type': type }).end(body);
  const vector = (...values: string[]) => ({
    resultType: 'vector',
    result: values.map((value) => ({ metric: {}, value: [1, value] })),
  });
  const good = (data: object, more = {}) => json(200, { status: 'success', data, ...more });

  it.each<[string, RequestListener, PrometheusCheck, object]>([
    [
      'a web page',
      text(200, 'text/html', '<html>'),
      query('up'),
      { reason: 'not-json', detail: /text\/html, expected application\/json/ },
    ],
    ['JSON of something else', json(200, { ok: true }), query('up'), { reason: 'not-json' }],
    ['an answer of another shape', good({ resultType: 'table' }), query('up'), { reason: 'not-json' }],
    ['half an answer', text(200, 'application/json', '{"status":"succ'), query('up'), { reason: 'not-json' }],
    ['refused credentials', text(401, 'text/plain', 'Unauthorized'), query('up'), { reason: 'auth' }],
    ['a wrong path', text(404, 'text/plain', 'not found'), query('up'), { reason: 'status' }],
    ['a server that starts', text(503, 'text/plain', 'Service Unavailable'), query('up'), { reason: 'not-ready' }],
    [
      'a query that takes too long',
      json(503, { status: 'error', errorType: 'timeout', error: 'query timed out' }),
      query('up'),
      { reason: 'timeout' },
    ],
    [
      'a query that fails',
      json(422, { status: 'error', errorType: 'execution', error: 'too many samples' }),
      query('up'),
      { reason: 'query', detail: 'execution: too many samples' },
    ],
    [
      'a histogram',
      good({ resultType: 'vector', result: [{ metric: { job: 'a' }, histogram: [1, {}] }] }),
      query('h'),
      { reason: 'value', detail: /is a histogram/ },
    ],
    [
      'NaN among good values',
      good(vector('5', 'NaN', '9')),
      query('x'),
      { reason: 'value', detail: 'the value is NaN, expected above 0' },
    ],
    ['no targets at all', good({ activeTargets: [] }), targets(), { reason: 'empty', detail: 'it has no target' }],
    [
      'targets that were not scraped yet',
      good({ activeTargets: [{ labels: { job: 'a' }, health: 'unknown', lastError: '' }] }),
      targets(),
      { reason: 'target-down', detail: /not scraped yet/ },
    ],
    ['no rules at all', good({ groups: [] }), rules(), { reason: 'empty', detail: 'it has no rules' }],
    [
      'a group that is missing',
      good({
        groups: [
          { name: 'a', rules: [{ name: 'r', health: 'ok' }] },
          { name: 'b', rules: [] },
        ],
      }),
      rules('a', 'b'),
      { reason: 'empty', detail: 'no rules in group b' },
    ],
    [
      'rules that were not evaluated yet',
      good({ groups: [{ name: 'a', rules: [{ name: 'r', health: 'unknown' }] }] }),
      rules('a'),
      { reason: 'not-ready' },
    ],
  ])('fails on %s', async (_, listener, check, { detail, ...expected }: { detail?: string | RegExp }) => {
    await using server = await serveHttp(listener);
    const result = await ask(`http://127.0.0.1:${server.port}`, check);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    if (detail !== undefined) expect(result.detail).toMatch(detail);
  });

  it('asks below the prefix, with its credential, and keeps warnings', async () => {
    const seen: (string | undefined)[] = [];
    await using server = await serveHttp((request, response) => {
      seen.push(request.url, request.headers.authorization);
      good(vector('1'), { warnings: ['partial result'], infos: ['metric might not be a counter'] })(request, response);
    });
    const auth: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    const result = await ask(`http://127.0.0.1:${server.port}`, query('up > 0'), { pathPrefix: '/prom' }, auth);
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.facts.prometheus?.warnings).toEqual(['partial result', 'metric might not be a counter']);
    expect(seen).toEqual(['/prom/api/v1/query?query=up+%3E+0&timeout=5000ms', 'Bearer s3cret']);
  });

  it('tells the value that is nearest to the limit', async () => {
    await using server = await serveHttp(good(vector('5', '2', '9')));
    const url = `http://127.0.0.1:${server.port}`;
    expect((await ask(url, query('x', { above: 1 }))).facts.prometheus).toMatchObject({ series: 3, value: 2 });
    expect((await ask(url, query('x', { below: 4 }))).facts.prometheus).toMatchObject({ value: 9 });
  });

  it('fails on a port where nothing listens', async () => {
    expect(await ask(`http://127.0.0.1:${await closedPort()}`, query('up'))).toMatchObject({ reason: 'refused' });
  });
});
