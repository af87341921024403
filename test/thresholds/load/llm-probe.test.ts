import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';

const catalogue = (probe: string, more = '') => `
system: shop
services:
  - id: acme
    kind: llm
    address: 'fleet:'
    llm: { api: openai, model: acme-1.5, basePath: /v1, usdPerMillionTokens: { input: 1, output: 2 } }
    ${more}
    endpoints: [{ prompt: Hello }]
    probe: ${probe}
  - id: web
    kind: http
    address: 'fleet:'
    endpoints: [{ path: / }]
`;

const load = (text: string) => loadCatalogue([{ path: 'shop.yaml', text }], { env: {} });

function service(text: string) {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ rule }) => rule).join('; '));
  return loaded.catalogue.systems[0]?.services[0];
}

/** Path and rule of every problem. */
function problems(text: string): string[] {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.problems.map(({ path, rule }) => `${path}: ${rule}`);
}

describe('a paid tier', () => {
  const generation = '{ kind: llm, generation: { budget: { tokensPerDay: 5000, usdPerDay: 0.1 } } }';

  test('is a target of its own, rare while all is well, with the budget on both', () => {
    const budget = { tokensPerDay: 5_000, usdPerDay: 0.1, estimate: { tokens: 56 } };
    expect(service(catalogue(generation))).toMatchObject({
      probe: { tier: 'reachability', provider: 'acme', intervalMs: 30_000, budget },
      furtherProbes: new Map([
        [
          'generation',
          expect.objectContaining({
            tier: 'generation',
            intervalMs: 900_000,
            recheckMs: 60_000,
            timeoutMs: 30_000,
            firstTokenWithinMs: 5_000,
            expectModel: '^(models/)?acme-1\\.5',
          }),
        ],
      ]),
    });
  });
});

describe('a wrong llm probe', () => {
  const generation = (change: string) => `{ kind: llm, generation: { ${change} } }`;
  const budget = 'budget: { tokensPerDay: 5000 }';
  const route = (change: string) =>
    `{ kind: llm, route: { path: /chat, answeredBy: { json: $.p }, ${change}, ${budget} } }`;

  test.each<[string, string, string]>([
    ['no budget', generation('every: 1h'), 'services[0].probe.generation.budget: '],
    [
      'a pattern that does not compile',
      generation(`expectText: '(', ${budget}`),
      'services[0].probe.generation.expectText: not a regular expression',
    ],
    [
      'too few tokens for some providers',
      generation(`maxTokens: 1, ${budget}`),
      'services[0].probe.generation.maxTokens: must be at least 16',
    ],
    [
      'a first token that may come after the timeout',
      generation(`timeout: 2s, firstTokenWithin: 3s, ${budget}`),
      'services[0].probe.generation.firstTokenWithin: the first token may come after the timeout',
    ],
    [
      'a provider that cannot answer',
      route('providers: { gemini: g }, expectProvider: deepseek'),
      'services[0].probe.route.expectProvider: is not among providers',
    ],
    [
      'money without prices',
      '{ kind: llm, route: { path: /chat, answeredBy: { json: $.p }, providers: { a: a }, expectProvider: a, budget: { tokensPerDay: 9, usdPerDay: 1 } } }',
      'services[0].probe.route.budget.usdPerDay: needs prices to be kept',
    ],
    [
      'two tiers where only one can be',
      `{ kind: llm, path: /x, route: { path: /chat, answeredBy: { json: $.p }, providers: { a: a }, expectProvider: a, ${budget} } }`,
      'services[0].probe.path: does not go together with route',
    ],
  ])('is refused for %s', (_, probe, expected) => {
    const found = problems(catalogue(probe));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test('is refused for two targets of one name', () => {
    const twice = catalogue(generation(budget), 'probes: { generation: { kind: tcp } }');
    expect(problems(twice)).toEqual(['services[0].probe.generation: makes a target of the name of probes: generation']);
  });

  test('is refused for a service that is no model', () => {
    const found = problems(
      catalogue('{ kind: tcp }').replace(
        'endpoints: [{ path: / }]',
        'endpoints: [{ path: / }]\n    probe: { kind: llm }',
      ),
    );
    expect(found).toEqual(['services[1].probe.kind: needs a service of kind llm, this is http']);
  });
});
