import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import type { HttpProbeSpec } from '../../../thresholds/model.ts';

const load = (probe: string) =>
  loadCatalogue(
    [
      {
        path: 'demo.yaml',
        text: `system: demo\nservices:\n  - id: web\n    kind: exporter\n    address: http://127.0.0.1:1\n    probe: ${probe}\n`,
      },
    ],
    { env: { ENV_TOKEN: 'x' } },
  );

function probeOf(probe: string) {
  const result = load(probe);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.catalogue.systems[0]?.services[0]?.probe;
}

const rulesOf = (probe: string) => {
  const result = load(probe);
  return result.ok ? [] : result.problems.map(({ rule, path }) => `${path}: ${rule}`);
};

describe('an http probe in the catalogue', () => {
  it('is one step where it has no steps', () => {
    expect(probeOf('{ kind: http, path: /health, method: PATCH, body: { a: 1 } }')).toMatchObject({
      steps: [
        {
          name: 'PATCH /health',
          method: 'PATCH',
          path: '/health',
          headers: { 'content-type': 'application/json' },
          body: '{"a":1}',
          expect: { status: [200] },
          extract: {},
        },
      ],
      mustRefuse: false,
      certificate: null,
      exports: [],
      failAboveMs: null,
    });
  });

  it('carries values by a syntax that the environment does not touch', () => {
    const steps = `[{ name: login, path: /login, extract: { token: { json: $.token } } },
      { path: '/me/{{token}}', headers: { Authorization: 'Bearer {{token}}', X-Env: '\${ENV_TOKEN}' } }]`;
    expect(probeOf(`{ kind: http, steps: ${steps} }`)).toMatchObject({
      steps: [
        { name: 'login', extract: { token: { json: '$.token' } } },
        { name: 'GET /me/{{token}}', headers: { Authorization: 'Bearer {{token}}', 'X-Env': 'x' } },
      ],
    });
  });

  it('reads limits, certificate and what must not be', () => {
    const rest = 'degradedAbove: 500ms, failAbove: 2s, certificate: { validFor: 14d, issuer: CN=CA }';
    const probe = probeOf(`{ kind: http, ${rest}, expect: { status: [2xx, 404], not: { text: error } } }`);
    expect(probe).toMatchObject({
      degradedAboveMs: 500,
      failAboveMs: 2_000,
      certificate: { validForMs: 14 * 86_400_000, issuer: 'CN=CA', subject: null },
      steps: [{ expect: { not: { text: 'error', status: [], json: {}, headers: {} } } }],
    });
    const [status] = (probe as HttpProbeSpec).steps.map((step) => step.expect.status);
    expect([status?.[0], status?.length]).toEqual([200, 101]);
  });

  it.each<[string, string, string]>([
    [
      'a value that no step extracts',
      "{ kind: http, steps: [{ path: '/{{token}}', extract: { token: { json: $.t } } }] }",
      'services[0].probe.steps[0].path: no step before this one extracts {{token}}',
    ],
    [
      'a request beside steps',
      '{ kind: http, path: /a, steps: [{ path: /b }] }',
      'services[0].probe.path: path beside steps is of no request',
    ],
    [
      'a request to a port that must refuse',
      '{ kind: http, path: /a, mustRefuse: true }',
      'services[0].probe.path: no request is sent where the port must refuse',
    ],
    [
      'a pattern that does not compile',
      "{ kind: http, steps: [{ extract: { a: { text: '(' } } }] }",
      'services[0].probe.steps[0].extract.a.text: not a regular expression: /(/: Unterminated group',
    ],
    [
      'such a pattern among what must not be',
      "{ kind: http, expect: { not: { text: '(' } } }",
      'services[0].probe.expect.not.text: not a regular expression: /(/: Unterminated group',
    ],
    [
      'such a pattern on the certificate',
      "{ kind: http, certificate: { issuer: '(' } }",
      'services[0].probe.certificate.issuer: not a regular expression: /(/: Unterminated group',
    ],
    [
      'a token in a header',
      '{ kind: http, headers: { Authorization: Bearer abc } }',
      'services[0].probe.headers.Authorization: the header Authorization holds a secret',
    ],
    [
      'a limit beyond the timeout',
      '{ kind: http, timeout: 5s, failAbove: 5s }',
      'services[0].probe.failAbove: must be below the timeout, 5s',
    ],
    [
      'a limit for slow beyond the one for failed',
      '{ kind: http, degradedAbove: 2s, failAbove: 1s }',
      'services[0].probe.degradedAbove: must be below failAbove, 1s',
    ],
  ])('is refused with %s', (_, probe, rule) => {
    expect(rulesOf(probe)).toEqual([rule]);
  });

  it.each([
    ['a status that is none', '{ kind: http, expect: { status: 2x } }'],
    ['a tunnel', '{ kind: http, method: CONNECT }'],
    ['an extraction that is none', '{ kind: http, steps: [{ extract: { a: $.b } }] }'],
  ])('is refused with %s', (_, probe) => {
    expect(rulesOf(probe)).toHaveLength(1);
  });
});

describe('tcp, tls and websocket probes in the catalogue', () => {
  it('have a short and a long form of dialogue', () => {
    expect(probeOf('{ kind: tcp }')).toMatchObject({ dialogue: [], mustRefuse: false });
    expect(probeOf('{ kind: tcp, expectText: ^220 }')).toMatchObject({
      dialogue: [{ send: null, expectText: '^220' }],
    });
    expect(probeOf('{ kind: tcp, dialogue: [{ send: a }, { expectText: b }] }')).toMatchObject({
      dialogue: [
        { send: 'a', expectText: null },
        { send: null, expectText: 'b' },
      ],
    });
  });

  it('have defaults', () => {
    expect(probeOf('{ kind: tls }')).toMatchObject({
      startTls: null,
      serverName: null,
      minVersion: null,
      certificate: { validForMs: null, issuer: null, subject: null },
      exports: [],
    });
    expect(probeOf('{ kind: websocket }')).toMatchObject({ path: '/', subprotocol: null, send: null, ping: true });
  });

  it.each<[string, string, string]>([
    [
      'both forms of dialogue',
      '{ kind: tcp, send: a, dialogue: [{ send: b }] }',
      'services[0].probe.send: send beside dialogue is of no turn',
    ],
    [
      'a dialogue with a port that must refuse',
      '{ kind: tcp, mustRefuse: true, dialogue: [{ send: b }] }',
      'services[0].probe.dialogue: nothing is sent or read where the port must refuse',
    ],
    [
      'a pattern in a turn that does not compile',
      "{ kind: tcp, dialogue: [{ expectText: '(' }] }",
      'services[0].probe.dialogue[0].expectText: not a regular expression: /(/: Unterminated group',
    ],
    [
      'a pattern on messages that does not compile',
      "{ kind: websocket, expectText: '(' }",
      'services[0].probe.expectText: not a regular expression: /(/: Unterminated group',
    ],
    [
      'a token in a header of the upgrade',
      '{ kind: websocket, headers: { Cookie: a=b } }',
      'services[0].probe.headers.Cookie: the header Cookie holds a secret',
    ],
  ])('are refused with %s', (_, probe, rule) => {
    expect(rulesOf(probe)).toEqual([rule]);
  });
});
