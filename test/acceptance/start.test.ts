import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, ROOT } from './support.ts';

/** Debian's Node, which is often older than firedrill needs. */
const SYSTEM_NODE = '/usr/bin/node';
const systemNode = existsSync(SYSTEM_NODE)
  ? execFileSync(SYSTEM_NODE, ['--version'], { encoding: 'utf8' }).trim()
  : null;

test.skipIf(systemNode === null)(
  `starts under the system's own Node, ${systemNode ?? `which is not here (no ${SYSTEM_NODE})`}`,
  async () => {
    const { code, stdout } = await cli(['doctor', '--json'], { node: SYSTEM_NODE });
    const { rows } = JSON.parse(stdout) as { rows: { subject: string; ok: boolean; version: string }[] };
    expect(rows.find(({ subject }) => subject === 'node')).toMatchObject({ ok: true });
    expect(code).toBe(0);
  },
);

test('npm start and npm test both begin at the bootstrap, which needs nothing installed', async () => {
  const { default: manifest } = await import(join(ROOT, 'package.json'), { with: { type: 'json' } });
  expect(manifest.scripts.start).toBe('node scripts/bootstrap.mjs scripts/cli.ts nightly');
  expect(manifest.scripts.test).toBe('node scripts/bootstrap.mjs scripts/gate.ts');
});
