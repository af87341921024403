import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, describe, expect, test } from 'vitest';
import { scenarioRequests } from '../../scripts/load/requests.ts';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import { renderProblem } from '../../thresholds/load/problem.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { planLoad } from '../../thresholds/plan-load.ts';
import { PROFILES } from '../../thresholds/profiles.ts';

// Fast tier: the example's catalogue and command line, without Python. The runs are in mcp-time.prove.ts.

const example = join(import.meta.dirname, '../../examples/mcp-time');

function catalogue(env: Record<string, string> = {}): Catalogue {
  const folder = join(example, 'catalogue');
  const files = readdirSync(folder).map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  const result = loadCatalogue(files, { env });
  assert(result.ok, result.ok ? '' : result.problems.map((problem) => renderProblem(problem, files)).join('\n\n'));
  return result.catalogue;
}

const smoke = (env?: Record<string, string>) => planLoad(catalogue(env), PROFILES.smoke).endpoints;

describe('the catalogue', () => {
  test('asks each tool by the route that mcpo gives it, with the samples that its promises need', () => {
    const { rows } = scenarioRequests(smoke(), new Map([['mcp-time/mcpo', 'http://127.0.0.1:8000']]), {});
    expect(rows.map(({ method, urls }) => [method, ...urls])).toEqual([
      ['POST', 'http://127.0.0.1:8000/time/get_current_time'],
      ['POST', 'http://127.0.0.1:8000/time/convert_time'],
    ]);
    for (const { schedule, capped } of smoke()) {
      expect(schedule.kind === 'even' && schedule.iterations).toBeGreaterThanOrEqual(300);
      expect(capped).toBeNull();
    }
  });

  test('proves the tool server by a call, since mcpo answers without one', () => {
    const [service] = catalogue().systems.flatMap((system) => system.services);
    expect(service?.probe).toMatchObject({
      kind: 'mcp',
      transport: 'openapi',
      canary: { server: 'time', tool: 'get_current_time' },
    });
    expect(service?.scrape).toBeNull();
  });

  test('takes address, limit and budget from variables', () => {
    const env = { MCP_TIME_URL: 'http://127.0.0.1:4321', MCP_TIME_P95: '1ms', MCP_TIME_REQUESTS: '1' };
    const planned = smoke(env);
    expect(planned.map(({ endpoint }) => endpoint.objectives.latency.map(({ limitMs }) => limitMs))).toEqual([
      [1],
      [1],
    ]);
    expect(planned.map(({ schedule }) => schedule.kind).sort()).toEqual(['even', 'none']);
    expect(catalogue(env).systems[0]?.services[0]?.address).toMatchObject({ url: 'http://127.0.0.1:4321' });
  });
});

describe('the command', () => {
  const run = (env: Record<string, string>, ...options: string[]) =>
    spawnSync(process.execPath, [join(example, 'run.mjs'), ...options], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });

  test('says what is missing where there is no Python', () => {
    const { status, stderr, stdout } = run({ MCP_TIME_PYTHON: 'python-that-is-not-there' });
    expect(stderr).toBe(
      'mcp-time: python-that-is-not-there cannot be run\n' +
        '    there is no program python-that-is-not-there\n' +
        '  fix: install Python 3.11 or later, or name it by MCP_TIME_PYTHON\n',
    );
    expect([status, stdout]).toEqual([3, '']);
  });

  test('refuses a number of calls that is none', () => {
    const { status, stderr } = run({ MCP_TIME_KILL_AFTER: 'soon' });
    expect(stderr).toContain('MCP_TIME_KILL_AFTER is "soon": write a whole number of tool calls above 0');
    expect(status).toBe(2);
  });

  test('shows the options of nightly without starting a server', () => {
    const { status, stdout } = run({ MCP_TIME_PYTHON: 'python-that-is-not-there' }, '--help');
    expect(stdout).toContain('--max-requests');
    expect(status).toBe(0);
  });
});
