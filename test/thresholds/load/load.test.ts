import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import { renderProblem } from '../../../thresholds/load/problem.ts';
import type { Catalogue } from '../../../thresholds/model.ts';

const here = import.meta.dirname;

const GOOD = `
system: demo
receivers:
  ops: { type: webhook, url: 'http://127.0.0.1:9/alerts' }
routing: { receivers: [ops] }
services:
  - id: api
    kind: http
    address: 'fleet:'
    endpoints:
      - path: /items/{id}
        params: { id: [1, 2] }
  - id: gemini
    kind: llm
    address: 'fleet:'
    llm: { api: gemini, model: gemini-flash }
    endpoints:
      - prompt: 'Reply with exactly: ok'
        objectives: { p95: 5s }
alerts:
  - name: ServiceDown
    severity: critical
    for: 1m
    objective: availability
    condition: { kind: target-down }
    summary: down
    description: down
    fault: { service: api, kind: down }
`;

function load(text: string, options: { env?: Record<string, string>; environment?: string } = {}) {
  const files = [{ path: 'demo.yaml', text }];
  const result = loadCatalogue(files, { env: options.env ?? {}, environment: options.environment ?? null });
  const problems = result.ok ? [] : result.problems.map((problem) => renderProblem(problem, files));
  return { catalogue: result.ok ? result.catalogue : undefined, problems };
}

function good(text: string, options?: Parameters<typeof load>[1]): Catalogue {
  const { catalogue, problems } = load(text, options);
  expect(problems).toEqual([]);
  return catalogue as Catalogue;
}

describe('defaults', () => {
  test('an endpoint without limits is held to the card: p95 under 500 ms, success above 99 %', () => {
    const [api] = good(GOOD).systems[0]?.services ?? [];
    expect(api).toMatchObject({
      kind: 'http',
      target: 'demo/api',
      scrape: { path: '/metrics' },
      endpoints: [
        {
          id: 'GET /items/{id}',
          weight: 1,
          timeoutMs: 2_000,
          expect: { status: [200] },
          objectives: { latency: [{ name: 'p95', quantile: 0.95, limitMs: 500 }], success: 0.99, meanMs: null },
        },
      ],
      probe: { kind: 'tcp' },
    });
  });

  test('a limit of its own replaces the one of the card, and the timeout follows it', () => {
    const gemini = good(GOOD).systems[0]?.services[1];
    expect(gemini).toMatchObject({
      scrape: null,
      probe: {
        kind: 'llm',
        tier: 'reachability',
        request: { steps: [{ method: 'GET', path: '/models' }] },
        budget: null,
      },
      endpoints: [{ timeoutMs: 20_000, objectives: { latency: [{ name: 'p95', limitMs: 5_000 }], success: 0.99 } }],
    });
  });

  test('an alert without a drill is drilled in full, and routing has the defaults of Alertmanager', () => {
    const system = good(GOOD).systems[0];
    expect(system?.alerts[0]).toMatchObject({ drill: { mode: 'full' }, forMs: 60_000, consequences: [] });
    expect(system?.routing).toMatchObject({
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
    });
  });
});

describe('variables', () => {
  const withBudget = GOOD.replace("address: 'fleet:'", "address: 'fleet:'\n    budget:\n      requests: ${N:-300}");

  test('a default stands in for a variable that is not set, and a plain number stays a number', () => {
    expect(good(withBudget).systems[0]?.services[0]).toMatchObject({ requestBudget: 300 });
    expect(good(withBudget, { env: { N: '1' } }).systems[0]?.services[0]).toMatchObject({ requestBudget: 1 });
  });

  test('a doubled dollar sign keeps the text', () => {
    const text = GOOD.replace('description: down', () => "description: 'costs $${N}'");
    expect(good(text).systems[0]?.alerts[0]?.description).toBe('costs ${N}');
  });

  test('variables of other environments need not be set', () => {
    const text = `${GOOD}environments: { prod: { api: { address: 'https://\${HOST}' } } }\n`;
    expect(good(text).environment).toBe('sim');
    expect(load(text, { environment: 'prod' }).problems.join()).toContain('the environment variable HOST is not set');
    const prod = good(text, { environment: 'prod', env: { HOST: 'api.example.com' } });
    expect(prod.environment).toBe('prod');
    expect(prod.systems[0]?.services[0]?.address).toEqual({ kind: 'url', url: 'https://api.example.com' });
  });
});

describe('one good catalogue with one thing broken', () => {
  test.each<[string, [string, string], RegExp]>([
    [
      'an unknown environment',
      ['system: demo', 'system: demo\nenvironment: sim\nenvironments: { prod: { ap: { address: "http://x" } } }'],
      /ap is not a service.*\n.*did you mean api\?/,
    ],
    [
      'two endpoints of one name',
      [
        'endpoints:\n      - path: /items/{id}',
        'endpoints:\n      - path: /items/{id}\n        params: { id: [1] }\n      - path: /items/{id}',
      ],
      /GET \/items\/\{id\} is used twice/,
    ],
    [
      'a port used twice',
      ["kind: http\n    address: 'fleet:'", "kind: http\n    port: 80\n    address: 'fleet:'"],
      /^$/,
    ],
    ['an alert without routing', ['routing: { receivers: [ops] }\n', ''], /alerts without routing reach nobody/],
    [
      'an undeclared receiver',
      ['receivers: [ops]', 'receivers: [obs]'],
      /obs is not a declared receiver\n.*did you mean ops\?/,
    ],
    [
      'a near miss without a fault',
      ['fault: { service: api, kind: down }', 'nearMiss: { service: api, kind: down, duration: 30s }'],
      /a near miss without a fault proves nothing/,
    ],
    ['a slow fault without a delay', ['kind: down', 'kind: slow'], /the fault slow needs a delay/],
    [
      'a signal that is not declared',
      [
        "kind: http\n    address: 'fleet:'",
        "kind: http\n    signals: { duration: { metric: x_seconds } }\n    address: 'fleet:'",
      ],
      /the metric x_seconds is not declared/,
    ],
    [
      'a reserved label',
      [
        "kind: http\n    address: 'fleet:'",
        "kind: http\n    metrics: [{ name: a, type: gauge, labels: { job: x } }]\n    address: 'fleet:'",
      ],
      /the label job is set by Prometheus/,
    ],
    [
      'a promise in PromQL that does not parse',
      [
        "kind: http\n    address: 'fleet:'",
        "kind: http\n    promql: [{ objective: o, expr: 'sum(rate(x[5m]) by (a)', below: 1, samples: 'x' }]\n    address: 'fleet:'",
      ],
      /not PromQL/,
    ],
    [
      'an expected text that is no expression',
      ['params: { id: [1, 2] }', "params: { id: [1, 2] }\n        expect: { text: '(' }"],
      /not a regular expression/,
    ],
    [
      'a secret in a header',
      ['params: { id: [1, 2] }', 'params: { id: [1, 2] }\n        headers: { Authorization: Bearer s3cr3t }'],
      /holds a secret/,
    ],
    [
      'a password in an address',
      ["kind: http\n    address: 'fleet:'", "kind: http\n    address: 'http://me:s3cr3t@host'"],
      /holds a password/,
    ],
    [
      'a literal token',
      ["kind: http\n    address: 'fleet:'", "kind: http\n    auth: { bearer: s3cr3t }\n    address: 'fleet:'"],
      /a secret must be/,
    ],
  ])('%s', (_, [from, to], expected) => {
    expect(GOOD).toContain(from);
    const text = load(GOOD.replace(from, () => to)).problems.join('\n');
    expect(text).toMatch(expected);
    expect(text).not.toContain('s3cr3t');
  });

  test('a name that stands in two files is reported at the second', () => {
    const files = ['a.yaml', 'b.yaml'].map((path) => ({ path, text: GOOD }));
    const result = loadCatalogue(files, { env: {} });
    const places = result.ok ? [] : result.problems.map(({ file, rule }) => `${file}: ${rule}`);
    expect(places).toEqual([
      'b.yaml: the system demo stands in a.yaml too',
      'b.yaml: the receiver ops stands in a.yaml too',
    ]);
  });

  test('a long line is cut around the marker, and control characters stay off the terminal', () => {
    const [problem = ''] = load(
      `system: demo # ${'x'.repeat(300)}\nservices: { \u0007${'y'.repeat(300)}: 1 }\n`,
    ).problems;
    expect(problem).toContain('\u00b7');
    expect(problem).not.toContain('\u0007');
    expect(
      Math.max(
        ...problem
          .split('\n')
          .slice(1, 3)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(110);
  });

  test('an empty catalogue promises nothing, and says so', () => {
    expect(load('').problems.join()).toContain('neither a system nor receivers');
  });
});

// Each file in bad/ has its exact report beside it: messages are a contract.
describe('bad files', () => {
  const names = readdirSync(join(here, 'bad')).filter((name) => name.endsWith('.yaml'));
  test.each(names)('%s', async (name) => {
    const files = [{ path: name, text: readFileSync(join(here, 'bad', name), 'utf8') }];
    const result = loadCatalogue(files, { env: {} });
    const report = result.ok
      ? 'no problem'
      : result.problems.map((problem) => renderProblem(problem, files)).join('\n\n');
    await expect(`${report}\n`).toMatchFileSnapshot(join(here, 'bad', name.replace('.yaml', '.txt')));
  });
});
