import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, writeCatalogue } from './support.ts';

test('a reader that has seen enough changes neither the exit code nor the error output', () => {
  // Far more problems than a pipe holds.
  const catalogue = writeCatalogue(`services: [${'{}, '.repeat(3_000)}{}]\n`);
  const script = '"$0" "$1" check --catalogue "$2" | head -n 1; exit "${PIPESTATUS[0]}"';
  const args = ['-c', script, process.execPath, join(ROOT, 'scripts/cli.ts'), catalogue];
  const { status, stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8', timeout: 20_000 });
  expect(stdout).toMatch(/error {2}services\[0\]/);
  expect(stderr).toBe('');
  expect(status).toBe(2);
});
