import { describe, expect, it } from 'vitest';
import { type ProbeOnceResult, probeOnceOutcome, runProbeOnce } from '../../../scripts/probe/once.ts';
import { probeTable } from '../../../scripts/probe/table.ts';
import { catalogueOf, closedPort, httpSpec, serveHttp, tcpSpec } from '../../probes/support.ts';

const good: ProbeOnceResult = {
  target: 'shop/web',
  kind: 'http',
  outcome: 'success',
  reason: 'none',
  detail: '',
  durationSeconds: 0.0312,
  degraded: false,
  phases: { resolve: 0, connect: 0.0011, tls: 0, processing: 0.028, transfer: 0.001, other: 0.0011 },
  facts: {},
};
const dead: ProbeOnceResult = {
  ...good,
  target: `shop/${'very-'.repeat(9)}long`,
  outcome: 'failure',
  reason: 'status',
  detail: `status 503, expected 200 ${'x'.repeat(80)}`,
};
const unsure: ProbeOnceResult = { ...good, target: 'shop/b', outcome: 'unknown', reason: 'lagging', detail: 'stalled' };
const quick: ProbeOnceResult = { ...good, target: 'shop/cache', phases: { connect: 0.002, exchange: 0.0000005 } };
const slow: ProbeOnceResult = { ...good, target: 'shop/slow', degraded: true, phases: { ...good.phases, tls: 0.02 } };

describe('the table of one look at every target', () => {
  it('has the broken ones first, with evidence, in 80 columns', () => {
    const lines = probeTable([good, slow, quick, unsure, dead]);
    expect(lines).toMatchInlineSnapshot(`
      [
        "           target                               total  connect      tls   answer",
        "  FAIL     ...-very-very-very-very-very-long    31 ms   1.1 ms        -    29 ms",
        "           status 503, expected 200 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...",
        "  unknown  shop/b                               31 ms   1.1 ms        -    29 ms",
        "           lagging: stalled",
        "  slow     shop/slow                            31 ms   1.1 ms    20 ms    29 ms",
        "  ok       shop/web                             31 ms   1.1 ms        -    29 ms",
        "  ok       shop/cache                           31 ms     2 ms        -  <0.1 ms",
        "",
        "  5 targets: 3 ok (1 slow), 1 failed, 1 unknown",
      ]
    `);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('a server of tools in the table', () => {
  const line = (mcp: ProbeOnceResult['facts']['mcp'] & object, change: Partial<ProbeOnceResult> = {}) =>
    probeTable([{ ...good, kind: 'mcp', facts: { mcp }, ...change }]).slice(2, -2);

  it('is told by its protocol and tools, or by the level that was reached', () => {
    expect(line({ era: 'legacy', version: '2025-11-25', tools: 3, session: 'ended' })).toEqual([
      '           MCP of 2025-11-25, 3 tools',
    ]);
    expect(line({ version: '2025-11-25', tools: 1, session: 'left' })).toEqual([
      '           MCP of 2025-11-25, 1 tool, the session could not be ended',
    ]);
    const broken = { outcome: 'failure', reason: 'tool-error', detail: 'no\u001b[31m such zone' } as const;
    expect(line({ level: 2, tools: 2 }, broken)).toEqual([
      '           level 2 of 3, 2 tools',
      '           tool-error: no [31m such zone',
    ]);
  });
});

describe('one look at every target', () => {
  it('gives a result for each, in the order of the catalogue', async () => {
    await using web = await serveHttp((_, response) => void response.end());
    const results = await runProbeOnce({
      catalogue: catalogueOf({ dead: tcpSpec(), web: httpSpec() }),
      addresses: new Map([
        ['shop/dead', `tcp://127.0.0.1:${await closedPort()}`],
        ['shop/web', `http://127.0.0.1:${web.port}`],
      ]),
    });
    expect(results).toMatchObject([
      { target: 'shop/dead', kind: 'tcp', outcome: 'failure', reason: 'refused' },
      { target: 'shop/web', kind: 'http', outcome: 'success', reason: 'none' },
    ]);
  });

  it('does not judge by what it saw while this process stalled', async () => {
    await using web = await serveHttp((_, response) => {
      const endMs = performance.now() + 150;
      while (performance.now() < endMs);
      response.writeHead(500).end();
    });
    const results = await runProbeOnce({
      catalogue: catalogueOf({ web: httpSpec() }),
      addresses: new Map([['shop/web', `http://127.0.0.1:${web.port}`]]),
    });
    expect(results).toMatchObject([{ outcome: 'unknown', reason: 'lagging' }]);
  });

  it.each([
    ['all good', [good, slow], 'pass'],
    ['one failed', [good, unsure, dead], 'fail'],
    ['one unknown', [good, unsure], 'inconclusive'],
    ['no target', [], 'inconclusive'],
  ] as const)('amounts to the worst: %s', (_, results, outcome) => {
    expect(probeOnceOutcome(results)).toBe(outcome);
  });
});
