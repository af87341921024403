import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import type { McpProbeSpec } from '../../../thresholds/model.ts';

const withParts = ({ mcp = '', probe = '', endpoints = '', objectives = '' }) => `
system: demo
services:
  - id: tools
    kind: mcp
    address: "fleet:"
    ${objectives}
    mcp: { transport: streamable-http${mcp} }
    ${probe === '' ? '' : `probe: { kind: mcp${probe} }`}
    endpoints:
      - { tool: paint, objectives: { p95: 30s } }
      - { tool: add, arguments: { a: 1 }, expect: { text: '^2$' } }
      ${endpoints}
`;

function load(parts: Parameters<typeof withParts>[0]) {
  return loadCatalogue([{ path: 'demo.yaml', text: withParts(parts) }], { env: {} });
}

function probeOf(parts: Parameters<typeof withParts>[0]): McpProbeSpec {
  const result = load(parts);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.catalogue.systems[0]?.services[0]?.probe as McpProbeSpec;
}

describe('the probe of an MCP service', () => {
  it('speaks MCP, asks for the tools of the service, and calls the first cheap one', () => {
    expect(probeOf({ mcp: ', tools: [add, list]' })).toMatchObject({
      kind: 'mcp',
      transport: 'streamable-http',
      path: '/mcp',
      era: 'auto',
      tools: [
        { server: null, name: 'paint' },
        { server: null, name: 'add' },
        { server: null, name: 'list' },
      ],
      canary: { tool: 'add', arguments: { a: 1 }, expect: { text: '^2$' }, withinMs: null },
    });
  });

  it('calls none where all are dear', () => {
    const spec = probeOf({ endpoints: '', objectives: 'objectives: { p95: 20s }' });
    expect(spec.canary).toBeNull();
  });

  it.each<[string, Parameters<typeof withParts>[0], object]>([
    ['the era of the service', { mcp: ', era: legacy' }, { era: 'legacy' }],
    ['its own era', { mcp: ', era: legacy', probe: ', era: auto' }, { era: 'auto' }],
    ['the path of the service', { mcp: ', path: /tools/mcp/' }, { path: '/tools/mcp' }],
    ['its own path', { probe: ', path: /other' }, { path: '/other' }],
    ['no canary', { probe: ', canary: false' }, { canary: null }],
    [
      'a canary of its own',
      { probe: ', canary: { tool: list, within: 200ms }' },
      { canary: { tool: 'list', server: null, arguments: {}, withinMs: 200 } },
    ],
    ['tools of its own', { probe: ', tools: [list]' }, { tools: [{ server: null, name: 'list' }] }],
    [
      'a name, versions, a least number, hashes and a ping',
      {
        probe: ', serverName: ^x, versions: [2025-11-25], minTools: 3, schemas: { add: 0123456789abcdef }, ping: true',
      },
      { serverName: '^x', versions: ['2025-11-25'], minTools: 3, schemas: { add: '0123456789abcdef' }, ping: true },
    ],
  ])('takes %s', (_, parts, expected) => {
    expect(probeOf(parts)).toMatchObject(expected);
  });

  it('behind a proxy asks each server for its tools', () => {
    const text = withParts({}).replace('streamable-http', 'openapi').replaceAll('{ tool:', '{ server: sums, tool:');
    const result = loadCatalogue([{ path: 'demo.yaml', text }], { env: {} });
    expect(result.ok && result.catalogue.systems[0]?.services[0]?.probe).toMatchObject({
      transport: 'openapi',
      path: '',
      tools: [
        { server: 'sums', name: 'paint' },
        { server: 'sums', name: 'add' },
      ],
      canary: { server: 'sums', tool: 'add' },
    });
  });

  it.each([
    ['a pattern that is none', ', serverName: "("', 'not a regular expression'],
    [
      'a pattern of the canary that is none',
      ', canary: { tool: add, expect: { text: "(" } }',
      'not a regular expression',
    ],
    ['a version that is no date', ', versions: ["1.0"]', 'must be a date such as 2026-07-28'],
    ['versions of the other era', ', era: modern, versions: [2025-11-25]', 'none is of the era modern'],
    ['a hash that is none', ', schemas: { add: xyz }', 'must be 16 hexadecimal digits'],
    ['an era behind a proxy', ', transport: openapi, era: legacy', 'era cannot be seen through an OpenAPI proxy'],
  ])('cannot have %s', (_, probe, rule) => {
    expect(load({ probe })).toMatchObject({ ok: false, problems: [{ rule: expect.stringContaining(rule) }] });
  });
});
