import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAX_LINES = 200;

/** What each folder may import from the others, besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  thresholds: [],
  monitoring: ['thresholds'],
  probes: ['thresholds'],
  scenarios: ['thresholds'],
  scripts: ['thresholds', 'monitoring', 'probes', 'scenarios'],
};
/** Folders without a process, socket, file or clock of their own. */
const PURE = ['thresholds', 'monitoring'];
/** The only modules of Node that compute and do nothing else. */
const PURE_MODULES = /^node:(crypto|util|url|path|buffer|assert|events)$/;
/** Types and plain constants of the scenarios that Node needs to write their plan: those that import nothing of k6. */
const SHARED_WITH_NODE = ['scenarios/lib/row.ts'];

/** Run by k6 beside the scenarios, as the peer of a benchmark. */
const K6_PROGRAMS = ['scripts/bench/hand-written-k6.ts'];

/** Files that git knows or would add, and that are still there. */
const files = git('ls-files', '--cached', '--others', '--exclude-standard').filter((path) =>
  existsSync(join(ROOT, path)),
);
const sources = files.filter((path) => /^(thresholds|monitoring|probes|scenarios|scripts)\/.*\.(ts|mjs)$/.test(path));

interface Import {
  from: string;
  /** A path from the root for our own files, else the name of the module. */
  to: string;
}

const imports: Import[] = sources.flatMap((from) =>
  importsOf(readFileSync(join(ROOT, from), 'utf8')).map((target) => ({
    from,
    to: target.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), target)).replaceAll('\\', '/') : target,
  })),
);

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(imports.length).toBeGreaterThan(sources.length);
  expect(new Set(sources.map(folderOf))).toEqual(new Set(Object.keys(ARROWS)));
});

describe('imports', () => {
  test('follow the arrows: thresholds <- monitoring, probes, scenarios <- scripts', () => {
    const own = imports.filter(({ to }) => files.includes(to));
    const wrong = own.filter(({ from, to }) => {
      const [source, target] = [folderOf(from), folderOf(to)];
      return source !== target && !ARROWS[source]?.includes(target);
    });
    expect(own.length).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
  });

  test('each leads to a file of the repository or to a dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const known = new Set(Object.keys(dependencies));
    const packageOf = (to: string) =>
      to
        .split('/')
        .slice(0, to.startsWith('@') ? 2 : 1)
        .join('/');
    const unknown = imports.filter(
      ({ from, to }) =>
        !files.includes(to) &&
        !to.startsWith('node:') &&
        !known.has(packageOf(to)) &&
        !((folderOf(from) === 'scenarios' || K6_PROGRAMS.includes(from)) && packageOf(to) === 'k6') &&
        // The published entry names the compiled file.
        from !== 'scripts/bin.mjs',
    );
    expect(unknown).toEqual([]);
  });

  test('thresholds and monitoring take nothing from Node that acts', () => {
    const acting = imports.filter(
      ({ from, to }) => PURE.includes(folderOf(from)) && to.startsWith('node:') && !PURE_MODULES.test(to),
    );
    expect(acting).toEqual([]);
  });

  test('nothing in Node imports a k6 program', () => {
    const programs = imports.filter(
      ({ from, to }) =>
        folderOf(from) !== 'scenarios' &&
        !K6_PROGRAMS.includes(from) &&
        (/^k6(\/|$)/.test(to) || (folderOf(to) === 'scenarios' && !SHARED_WITH_NODE.includes(to))),
    );
    expect(programs).toEqual([]);
    for (const path of SHARED_WITH_NODE)
      expect(imports.filter(({ from, to }) => from === path && /^k6/.test(to))).toEqual([]);
  });

  test('a scenario takes nothing from Node, not even by way of another file', () => {
    const reached = new Set(sources.filter((path) => folderOf(path) === 'scenarios'));
    for (const path of reached) {
      for (const { from, to } of imports) if (from === path && files.includes(to)) reached.add(to);
    }
    expect(imports.filter(({ from, to }) => reached.has(from) && to.startsWith('node:'))).toEqual([]);
  });
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

test('ARCHITECTURE.md shows each folder at the top, and each folder in those', () => {
  const tree = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('```')[1] ?? '';
  for (const folder of [...Object.keys(ARROWS), 'test']) expect(tree).toMatch(new RegExp(`^${folder}/ `, 'm'));
  for (const folder of Object.keys(ARROWS)) {
    const part = tree.split(new RegExp(`^${folder}/`, 'm'))[1]?.split(/^[a-z]/m)[0] ?? '';
    const inside = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of inside) expect(part, `${folder}/${name} in the tree`).toMatch(new RegExp(`\\b${name}/`));
  }
});

describe('committed text', () => {
  const texts = files
    .filter((path) => !/\.(png|jpg|ico|woff2?|pem)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

  test.each([
    // Put together, so that this file does not name what it looks for.
    ['a home folder', new RegExp(`/(${['root', 'home/(?!a(?:da)?/)[a-z]+', 'Users/[A-Za-z]+'].join('|')})/`)],
    ['the working folder of a machine', new RegExp(`/(${['work', 'workspace'].join('|')})/[a-z]`)],
    [
      'a host of a package registry of its own',
      /https?:\/\/[^\s"'`/]*(?:artifactory|nexus|verdaccio|pypi\.[a-z]+\.internal|\.internal)[^\s"'`]*/,
    ],
  ])('names nowhere %s', (_, pattern) => {
    const found = texts.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test('the lock file holds every package that another one needs: without, npm ci refuses it', () => {
    type Locked = { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Locked>;
    };
    const missing = Object.entries(packages).flatMap(([place, { dependencies = {}, optionalDependencies = {} }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !foldersAbove(place).some((folder) => `${folder}node_modules/${name}` in packages))
        .map((name) => `${place} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('the lock file names the public npm registry alone', () => {
    const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
    const hosts = new Set([...lock.matchAll(/"resolved": "(https?:\/\/[^/]+)/g)].map(([, host]) => host));
    expect([...hosts].filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
  });
});

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The folders in whose node_modules a package at this place looks, its own first. */
function foldersAbove(place: string): string[] {
  const parts = place.split(/(?<=\/)(?=node_modules\/)|$/).filter(Boolean);
  return parts
    .map(
      (_, index) =>
        `${parts
          .slice(0, parts.length - index)
          .join('')
          .replace(/\/$/, '')}/`,
    )
    .concat('');
}

/** The modules that a source names: import, export from, and import(). */
function importsOf(text: string): string[] {
  const pattern = /^(?:import|export)\s[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...text.matchAll(pattern)].flatMap(([, first, second, third]) => first ?? second ?? third ?? []);
}

function git(...args: string[]): string[] {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
}
