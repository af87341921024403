import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { startAlertmanager } from '../../../scripts/stack/alertmanager.ts';
import { BUNDLES, resolveTools } from '../../../scripts/tools/resolve.ts';

test('every tool installs into an empty cache, and the Alertmanager of that cache starts', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'firedrill-install-'));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  const variables = BUNDLES.flatMap(({ tools }) => tools.map(({ variable }) => [variable, '']));
  const env = { ...process.env, ...Object.fromEntries(variables), XDG_CACHE_HOME: cache };
  const found = await resolveTools(['k6', 'prometheus', 'promtool', 'alertmanager', 'amtool'], { env });
  for (const { path, source } of Object.values(found)) {
    if (source === 'path') continue;
    expect(['installed', 'cache']).toContain(source);
    expect(path.startsWith(join(cache, 'firedrill', 'tools'))).toBe(true);
  }
  await using scope = new ProcessScope();
  const config = 'route: {receiver: a}\nreceivers: [{name: a}]\n';
  const { alertmanager: tool } = found;
  const alertmanager = await startAlertmanager({ scope, tool, dir: join(cache, 'run'), config });
  expect(await alertmanager.alerts()).toEqual([]);
}, 600_000);
