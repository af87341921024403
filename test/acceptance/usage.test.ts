import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, temporaryFolder, webCatalogue, writeCatalogue } from './support.ts';

const CLOSED_PORT = 'http://127.0.0.1:1';

describe('a wrong command line ends with 2, before anything runs', () => {
  test.each([
    ['an unknown command', ['nighly'], /unknown command 'nighly'\n\(Did you mean nightly\?\)\n {2}fix: /],
    ['an unknown option', ['load', '--sytem', 'x'], /unknown option '--sytem'\n\(Did you mean --system\?\)\n {2}fix: /],
    [
      'an unknown system',
      ['load', '--system', 'flashcard'],
      /no system "flashcard".*\n {2}fix: did you mean flashcards\?/,
    ],
    ['an unknown service', ['drill', '--service', 'grafna'], /no service "grafna".*\n {2}fix: did you mean grafana\?/],
    [
      'an unknown profile',
      ['load', '--profile', 'smoky'],
      /argument 'smoky' is invalid. Allowed choices are smoke, load/,
    ],
    ['a duration that is none', ['load', '--duration', '9'], /Write a duration such as 90s or 10m/],
    ['a budget of nothing', ['nightly', '--max-requests', '0'], /Write a whole number above 0/],
    [
      'a scenario program that is not there',
      ['load', '--scenarios', '/no/such.ts'],
      /'\/no\/such\.ts' is invalid.*no such file/,
    ],
    ['a word too many', ['nightly', 'please'], /too many arguments for 'nightly'/],
    ['a catalogue that is not there', ['check', '--catalogue', '/no/such'], /cannot read the catalogue \/no\/such/],
    [
      'an address that is none',
      ['probe', '--listen', 'here', '--catalogue', webCatalogueText()],
      /--listen here is no address/,
    ],
    ['systems that share ports', ['up', '--own-ports'], /systems share ports.*\n {2}fix: add --system NAME/],
    ['a benchmark that is not there', ['bench', 'speed'], /no benchmark "speed"\n {2}fix: choose one of load, fleet/],
  ])('%s', async (_, args, message) => {
    const given = args.map((arg) => (arg.includes('\n') ? writeCatalogue(arg) : arg));
    const { code, stdout, stderr } = await cli(given);
    expect(stderr).toMatch(message);
    expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('no command at all shows the help', async () => {
    const { code, stderr } = await cli([]);
    expect(stderr).toContain('Usage: firedrill');
    expect(code).toBe(2);
  });

  test.each(['nightly', 'load', 'drill'])('an --out of %s that cannot be written', async (command) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const out = join(folder, 'file', 'out');
    const { code, stderr } = await cli([command, '--catalogue', webCatalogue(CLOSED_PORT), '--out', out]);
    expect(stderr).toContain(`cannot write results to ${out}`);
    expect(stderr).toContain('fix: name a writable folder');
    expect(code).toBe(2);
  });
});

describe('a catalogue with five errors ends with 2', () => {
  const BAD = `
system: shop
title: Web shop
team: shop
environment: here
services:
  - id: web
    kind: http
    address: 'ftp://127.0.0.1'
    colour: blue
    objectives: {p95: 400, success: 101%}
    endpoints: [{path: a}]
`;
  const PLACES = [':9:14 ', ':10:5 ', ':11:23 ', ':11:37 ', ':12:24 '];

  test.each(['check', 'nightly', 'load', 'drill', 'probe', 'up', 'generate'])(
    'and %s shows all five',
    async (command) => {
      const { code, stdout, stderr } = await cli([command, '--catalogue', writeCatalogue(BAD)]);
      const text = `${stdout}${stderr}`;
      expect(text.match(/shop\.yaml:\d+:\d+ /g)).toHaveLength(5);
      for (const place of PLACES) expect(text).toContain(`shop.yaml${place}`);
      expect(text.match(/^ +fix: /gm)).toHaveLength(5);
      expect(text).toContain('5 problems in ');
      expect(code).toBe(2);
    },
  );

  test('as JSON for a program', async () => {
    const { code, stdout } = await cli(['check', '--json', '--catalogue', writeCatalogue(BAD)]);
    const { ok, problems } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(problems.map(({ line, column }: { line: number; column: number }) => `:${line}:${column} `)).toEqual(PLACES);
    expect(code).toBe(2);
  });
});

describe('help', () => {
  test('names every command, with options of each, in 80 columns', async () => {
    const { code, stdout } = await cli(['--help']);
    expect(code).toBe(0);
    const commands = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
    expect(commands).toEqual([
      ...['nightly', 'load', 'probe', 'drill', 'audit', 'up', 'check', 'generate', 'doctor', 'bench', 'help'],
    ]);
    const pages = await Promise.all(
      commands.filter((name) => name !== 'help').map(async (name) => [name, await cli([name, '--help'])] as const),
    );
    for (const [name, page] of pages) {
      expect(page.code, name).toBe(0);
      for (const option of ['--json', '--quiet', '--help']) expect(page.stdout, name).toContain(option);
      expect(
        page.stdout.split('\n').filter((line) => line.length > 80),
        name,
      ).toEqual([]);
    }
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

test('check of the built-in catalogue passes', async () => {
  const { code, stdout } = await cli(['check', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, environment: 'sim', systems: 5, services: 28 });
  expect(code).toBe(0);
});

test('nothing is left in the working folder of a wrong command line', async () => {
  const cwd = temporaryFolder();
  await cli(['nightly', '--system', 'nobody'], { cwd });
  expect(existsSync(join(cwd, 'results'))).toBe(false);
});

function webCatalogueText(): string {
  return `
system: shop
title: Web shop
team: shop
environment: here
services: [{id: web, kind: http, address: '${CLOSED_PORT}', scrape: false, endpoints: [{path: /a}]}]
`;
}
