import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { receiversOf } from '../../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import { readRouting } from '../../../../monitoring/audit/mutants/alertmanager/read-config.ts';
import { runCommand } from '../../../../scripts/process/run-command.ts';
import { resolveTool } from '../../../../scripts/tools/resolve.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-routes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

const RECEIVERS = ['a', 'b', 'c', 'd'];
const MATCHERS = ['x="1"', 'x!="1"', 'x=~"1|2"', 'y!~"1.*"', '{y="2",x="1"}', 'y = "3"', 'x=""', 'y=~".+"'];

function routeTree(random: Generator<number>, depth: number): Record<string, unknown> {
  const next = () => random.next().value as number;
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T;
  const children = depth === 0 ? 0 : Math.floor(next() * 4);
  return {
    ...(next() < 0.7 ? { receiver: pick(RECEIVERS) } : {}),
    ...(next() < 0.3 ? { continue: true } : {}),
    ...(next() < 0.2 ? { match: { x: pick(['1', '2']) } } : {}),
    ...(next() < 0.2 ? { match_re: { y: pick(['1|2', '3.*']) } } : {}),
    ...(next() < 0.7 ? { matchers: [pick(MATCHERS)] } : {}),
    routes: Array.from({ length: children }, () => routeTree(random, depth - 1)),
  };
}

test('alerts go where amtool says they go, over generated route trees', async () => {
  const { path: amtool } = await resolveTool('amtool');
  const random = numbers(7);
  const cases = ['1', '2', '31', ''].flatMap((x) => ['1', '2', '3', ''].map((y) => ({ x, y })));
  let compared = 0;
  for (let tree = 0; tree < 6; tree += 1) {
    const { match, match_re, matchers, continue: _, ...root } = routeTree(random, 3);
    const text = stringify({ route: { ...root, receiver: 'a' }, receivers: RECEIVERS.map((name) => ({ name })) });
    const file = join(folder, `${tree}.yml`);
    writeFileSync(file, text);
    const routing = readRouting({ path: file, text });
    if (Array.isArray(routing)) throw new Error(JSON.stringify(routing));
    for (const { x, y } of cases) {
      const labels = { ...(x === '' ? {} : { x }), ...(y === '' ? {} : { y }), z: '1' };
      const args = [
        'config',
        'routes',
        'test',
        `--config.file=${file}`,
        ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
      ];
      const { ok, stdout, reason } = await runCommand(amtool, args, { timeoutMs: 10_000 });
      if (!ok) throw new Error(reason);
      expect(receiversOf(routing, labels), `${text}\n${JSON.stringify(labels)}`).toEqual(
        [...new Set(stdout.trim().split(','))].sort(),
      );
      compared += 1;
    }
  }
  expect(compared).toBe(96);
});
