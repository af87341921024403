import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder } from './support.ts';

const RULES = 'monitoring/generated/prometheus/alert_rules.yml';

/** A folder with every derived file as it should be. */
async function fresh(): Promise<string> {
  const into = temporaryFolder();
  expect(await cli(['generate', '--into', into])).toMatchObject({ code: 0 });
  return into;
}

test('generate --check passes on the committed files', async () => {
  const { code, stdout } = await cli(['generate', '--check', '--json']);
  expect(JSON.parse(stdout)).toEqual({ stale: [], missing: [], orphans: [] });
  expect(code).toBe(0);
});

test.each([
  ['a stale file', (into: string) => appendFileSync(join(into, RULES), '# by hand\n'), { stale: [RULES] }],
  ['a missing file', (into: string) => rmSync(join(into, RULES)), { missing: [RULES] }],
  [
    'an orphan',
    (into: string) => {
      mkdirSync(join(into, 'monitoring/generated/old'));
      writeFileSync(join(into, 'monitoring/generated/old/rules.yml'), '');
    },
    { orphans: ['monitoring/generated/old/rules.yml'] },
  ],
])('generate --check finds %s, and generate mends it', async (_, spoil, found) => {
  const into = await fresh();
  const rules = readFileSync(join(into, RULES), 'utf8');
  spoil(into);
  const check = await cli(['generate', '--check', '--into', into, '--json']);
  expect(JSON.parse(check.stdout)).toEqual({ stale: [], missing: [], orphans: [], ...found });
  expect(check.code).toBe(1);

  expect(await cli(['generate', '--into', into])).toMatchObject({ code: 0 });
  expect(readFileSync(join(into, RULES), 'utf8')).toBe(rules);
  expect(existsSync(join(into, 'monitoring/generated/old/rules.yml'))).toBe(false);
  expect(await cli(['generate', '--check', '--into', into])).toMatchObject({ code: 0 });
});
