import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import { renderProblem } from '../../../thresholds/load/problem.ts';

/** A catalogue of one service with one probe; what it says of the probe, or its problems. */
function load(probe: string, service = "kind: exporter\n    address: 'http://127.0.0.1:1'") {
  const text = `
system: demo
receivers:
  ops: { type: webhook, url: 'http://127.0.0.1:9/alerts' }
routing: { receivers: [ops] }
services:
  - id: it
    ${service}
${probe === '' ? '' : `    probe: ${probe}\n`}`;
  const files = [{ path: 'demo.yaml', text }];
  const result = loadCatalogue(files, { env: {}, environment: null });
  return {
    spec: result.ok ? result.catalogue.systems[0]?.services[0]?.probe : undefined,
    problems: result.ok ? [] : result.problems.map((problem) => renderProblem(problem, files)),
  };
}

const store = (engine: string, more = '') => `kind: datastore\n    engine: ${engine}\n    address: 'fleet:'${more}`;

describe('a service without a probe', () => {
  test.each([
    ['redis', { kind: 'redis', command: ['PING'], expect: '^PONG$', info: null }],
    [
      'postgres',
      { kind: 'postgres', query: 'SELECT 1', expectValue: '^1$', sslmode: 'disable', user: null, role: null },
    ],
    ['other', { kind: 'tcp' }],
  ])('is a datastore %s: asked by its protocol where that is known', (engine, spec) => {
    const { spec: seen, problems } = load('', store(engine));
    expect(problems).toEqual([]);
    expect(seen).toMatchObject(spec);
  });
});

describe('a good probe', () => {
  test.each<[string, string, object]>([
    [
      'redis command',
      '{ kind: redis, command: [GET, greeting], expect: hello }',
      { command: ['GET', 'greeting'], expect: 'hello' },
    ],
    ['redis command of any answer', '{ kind: redis, command: [DBSIZE] }', { expect: null }],
    [
      'redis replica',
      '{ kind: redis, info: { role: replica, minVersion: "7.2", replicating: true } }',
      { info: { role: 'replica', minVersion: '7.2', replicating: true } },
    ],
    [
      'postgres query',
      '{ kind: postgres, query: SELECT 2, expect: { rows: { min: 1 } } }',
      { query: 'SELECT 2', expectValue: null, expectRows: { min: 1, max: null } },
    ],
    [
      'postgres standby',
      '{ kind: postgres, role: standby, sslmode: verify-full }',
      { role: 'standby', sslmode: 'verify-full', expectValue: '^1$' },
    ],
    [
      'dns of the own host',
      '{ kind: dns }',
      {
        name: null,
        type: 'A',
        server: null,
        transport: 'udp',
        recursion: true,
        expect: { rcode: 'NOERROR', minAnswers: 1, answers: [], noAnswers: [] },
      },
    ],
    [
      'dns of a name that must not be',
      '{ kind: dns, name: old.test, expect: { rcode: NXDOMAIN } }',
      { expect: { rcode: 'NXDOMAIN', minAnswers: 0 } },
    ],
    ['grpc', '{ kind: grpc, service: shop.Cart }', { service: 'shop.Cart' }],
    [
      'prometheus query',
      '{ kind: prometheus, query: { expr: up, above: 0 } }',
      { pathPrefix: '', check: { what: 'query', expr: 'up', condition: { above: 0 }, allowEmpty: false } },
    ],
    [
      'prometheus query of zero',
      '{ kind: prometheus, query: { expr: up, equals: 0, allowEmpty: true } }',
      { check: { condition: { equals: 0 }, allowEmpty: true } },
    ],
    [
      'prometheus targets',
      '{ kind: prometheus, targets: { jobs: [node], atLeast: 2 } }',
      { check: { what: 'targets', jobs: ['node'], atLeast: 2 } },
    ],
    [
      'prometheus rules',
      '{ kind: prometheus, pathPrefix: /prom, rules: { groups: [a] } }',
      { pathPrefix: '/prom', check: { what: 'rules', groups: ['a'] } },
    ],
    [
      'heartbeat',
      '{ kind: heartbeat, within: 1h, grace: 5m, token: { variable: BEAT } }',
      { withinMs: 3_600_000, graceMs: 300_000, finishWithinMs: null, token: { variable: 'BEAT' } },
    ],
  ])('%s', (_, probe, spec) => {
    const { spec: seen, problems } = load(probe);
    expect(problems).toEqual([]);
    expect(seen).toMatchObject(spec);
  });
});

describe('a wrong probe', () => {
  test.each<[string, string, RegExp, string?]>([
    ['a pattern that is none', '{ kind: redis, expect: "(" }', /not a regular expression/],
    ['a password in a command', '{ kind: redis, command: [AUTH, hunter2] }', /AUTH holds a secret/],
    ['a version that is none', '{ kind: redis, info: { minVersion: new } }', /must be a version/],
    [
      'a header to log in with',
      '{ kind: redis }',
      /logs in by basic or bearer, not by header/,
      store('redis', '\n    auth: { header: { name: X-Key, value: { variable: K } } }'),
    ],
    [
      'fewer rows at most than at least',
      '{ kind: postgres, expect: { rows: { min: 3, max: 2 } } }',
      /is below min \(3\)/,
    ],
    ['an sslmode that hides a failure', '{ kind: postgres, sslmode: prefer }', /sslmode/],
    ['a record type that is none', '{ kind: dns, type: AA }', /type/],
    ['an answer pattern that is none', '{ kind: dns, expect: { answers: ["["] } }', /not a regular expression/],
    [
      'a name server without a question',
      '{ kind: dns }',
      /needs a name to ask for/,
      "kind: exporter\n    address: 'dns://127.0.0.1:53'",
    ],
    ['no check', '{ kind: prometheus }', /exactly one of query, targets and rules, this one has none/],
    ['two checks', '{ kind: prometheus, targets: {}, rules: {} }', /has targets and rules/],
    [
      'two bounds',
      '{ kind: prometheus, query: { expr: up, above: 0, below: 2 } }',
      /exactly one of above, below and equals/,
    ],
    ['a prefix with a slash at its end', '{ kind: prometheus, pathPrefix: /prom/, rules: {} }', /not end with one/],
    ['a heartbeat for everyone', '{ kind: heartbeat, within: 1h }', /token/],
    ['a token in the catalogue', '{ kind: heartbeat, within: 1h, token: hunter2 }', /never the value itself/],
  ])('%s is refused', (_, probe, message, service) => {
    const { problems } = load(probe, service);
    expect(problems.join('\n')).toMatch(message);
    expect(problems.join('\n')).not.toContain('hunter2');
  });
});
