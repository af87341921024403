import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ROOT, readVerdict, temporaryFolder } from './support.ts';

/** `npm ci` with an empty node_modules, then one system. Needs the network. */
const DEADLINE_MS = 10 * 60_000;

test('npm start works on a fresh clone with nothing done before', { timeout: DEADLINE_MS }, async () => {
  const clone = join(temporaryFolder(), 'clone');
  await execa('git', ['clone', '--quiet', ROOT, clone]);
  expect(existsSync(join(clone, 'node_modules'))).toBe(false);
  const { exitCode, stdout } = await execa('npm', ['start', '--', '--system', 'mcp-service'], {
    cwd: clone,
    // As a user's shell has it, not as vitest leaves it; the Node is the one that starts npm.
    env: { NODE_OPTIONS: '', NODE_ENV: '', VITEST: '' },
    reject: false,
    timeout: DEADLINE_MS,
  });
  const verdict = readVerdict(join(clone, 'results', 'latest'));
  expect(verdict?.outcome, stdout).toBe('pass');
  expect(new Set(verdict?.probes.map(({ target }) => target))).toEqual(
    new Set(['mcp-service', 'prometheus', 'grafana', 'node-exporter'].map((id) => `mcp-service/${id}`)),
  );
  expect(exitCode).toBe(0);
});
