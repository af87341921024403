import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../thresholds/load/load.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const env = { DB_PASSWORD: 'x', BEAT_TOKEN: 'x', DEEPSEEK_API_KEY: 'x' };
const catalogues = [...README.matchAll(/```yaml\n(# (\S+\.yaml)[\s\S]*?)```/g)].map(
  ([, text = '', path = '']): [string, string] => [path.replace(/:$/, ''), text],
);

describe('the catalogues of the README', () => {
  it('are there', () => {
    expect(catalogues.map(([path]) => path)).toEqual(['catalogue/shop.yaml', 'catalogue/probes.yaml']);
  });

  it.each(catalogues)('%s is right', (path, text) => {
    const result = loadCatalogue([{ path, text }], { env });
    expect(result.ok ? [] : result.problems).toEqual([]);
  });

  it('show every kind of probe', () => {
    const [, text = ''] = catalogues[1] ?? [];
    const result = loadCatalogue([{ path: 'probes.yaml', text }], { env });
    const kinds = result.ok
      ? result.catalogue.systems.flatMap(({ services }) => services.map(({ probe }) => probe.kind))
      : [];
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['http', 'tcp', 'tls', 'dns', 'grpc', 'websocket', 'redis', 'postgres'],
        ...['prometheus', 'heartbeat', 'mcp', 'llm'],
      ]),
    );
  });
});
