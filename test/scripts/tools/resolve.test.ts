import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { cacheFolder } from '../../../scripts/tools/cache.ts';
import { BUNDLES, lookUp, resolveTool, resolveTools } from '../../../scripts/tools/resolve.ts';
import type { Bundle, InstallMethod } from '../../../scripts/tools/tool.ts';
import { compareVersions, parseVersion } from '../../../scripts/tools/version.ts';

/** A home with nothing in it: no variable, no tool on PATH, an empty cache. */
async function emptyHome() {
  const home = await mkdtemp(join(tmpdir(), 'firedrill-tools-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const bin = join(home, 'bin');
  await mkdir(bin);
  const env = { HOME: home, PATH: bin };
  return { home, bin, env, cacheDir: cacheFolder(env) };
}

/** A program that answers --version as the tool does. */
async function fake(path: string, says: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${says}'\n`);
  await chmod(path, 0o755);
  return path;
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return error;
}

/** The k6 bundle with install methods of the test's own. */
function withMethods(...methods: InstallMethod[]): { bundles: Bundle[] } {
  return { bundles: BUNDLES.map((bundle) => (bundle.bundle === 'k6' ? { ...bundle, methods } : bundle)) };
}

const method = (description: string, install: InstallMethod['install']): InstallMethod => {
  return { description, expectedSeconds: 1, install };
};

describe('a variable', () => {
  test.each([
    ['names no file', '/nowhere/k6', 'FIREDRILL_K6=/nowhere/k6: no such file'],
    ['names a folder', '/tmp', 'FIREDRILL_K6=/tmp: not a file'],
    ['names a file that is not executable', '/etc/passwd', 'FIREDRILL_K6=/etc/passwd: not executable'],
    ['names another program', '/bin/ls', '--version does not name k6 and its version, it says "ls '],
    ['names a program that fails', '/bin/false', '--version failed: /bin/false: exit code 1'],
  ])('that %s is an error, although PATH has the tool', async (_, path, reason) => {
    const { bin, env } = await emptyHome();
    await fake(join(bin, 'k6'), 'k6 v1.8.1 (go1.26.8, linux/amd64)');
    const error = await failure(resolveTool('k6', { env: { ...env, FIREDRILL_K6: path } }));
    expect(error.message).toBe('FIREDRILL_K6 does not lead to a usable k6');
    expect(error.reason).toContain(reason);
    expect(error.hint).toContain('fix: set it to the path of k6 1.0.0 or later');
  });

  test('that names too old a tool is an error with both versions', async () => {
    const { home, env } = await emptyHome();
    const old = await fake(join(home, 'old'), 'k6 v0.49.0 (go1.21, linux/amd64)');
    const error = await failure(resolveTool('k6', { env: { ...env, FIREDRILL_K6: old } }));
    expect(error.reason).toBe(`FIREDRILL_K6=${old}: is version 0.49.0, at least 1.0.0 is needed`);
  });

  test('comes before PATH; an empty one counts as not set', async () => {
    const { home, bin, env } = await emptyHome();
    await fake(join(bin, 'k6'), 'k6 v1.2.0 (go1.26.8, linux/amd64)');
    const other = await fake(join(home, 'other'), 'k6 v2.0.0 (go1.26.8, linux/amd64)');
    const found = await resolveTool('k6', { env: { ...env, FIREDRILL_K6: other } });
    expect(found).toEqual({ tool: 'k6', path: other, version: '2.0.0', source: 'variable' });
    expect(await resolveTool('k6', { env: { ...env, FIREDRILL_K6: '' } })).toMatchObject({ source: 'path' });
  });
});

describe('PATH and cache', () => {
  test("a tool on PATH is taken before the cache's, under Debian's name too", async () => {
    const { bin, env, cacheDir } = await emptyHome();
    const says = 'alertmanager, version 0.27.0 (branch: HEAD, revision: x)';
    await fake(join(cacheDir, 'tools', 'alertmanager', '0.28.1', 'alertmanager'), says.replace('0.27.0', '0.28.1'));
    const path = await fake(join(bin, 'prometheus-alertmanager'), says);
    const found = await resolveTool('alertmanager', { env });
    expect(found).toEqual({ tool: 'alertmanager', path, version: '0.27.0', source: 'path' });
  });

  test('a tool on PATH that is too old is passed over for the next on PATH, then for the cache', async () => {
    const { home, bin, env, cacheDir } = await emptyHome();
    await fake(join(bin, 'promtool'), 'promtool, version 2.41.9 (branch: HEAD)');
    const cached = await fake(join(cacheDir, 'tools', 'prometheus', '2.53.0', 'promtool'), 'promtool, version 2.53.0');
    expect(await resolveTool('promtool', { env })).toMatchObject({ path: cached, source: 'cache' });
    const second = await fake(join(home, 'more', 'promtool'), 'promtool, version 2.42.0+ds (branch: x)');
    const both = { ...env, PATH: `${bin}:${join(home, 'more')}` };
    expect(await resolveTool('promtool', { env: both })).toMatchObject({ path: second, version: '2.42.0' });
  });

  test('the newest cached version is taken, by number and not by letter', async () => {
    const { env, cacheDir } = await emptyHome();
    for (const version of ['1.9.0', '1.10.0', '1.8.1']) {
      await fake(join(cacheDir, 'tools', 'k6', version, 'k6'), `k6 v${version} (go)`);
    }
    expect(await resolveTool('k6', { env })).toMatchObject({ version: '1.10.0', source: 'cache' });
  });

  test('a tool that is nowhere is named with every place and its reason, and the fix', async () => {
    const { bin, env, cacheDir } = await emptyHome();
    await fake(join(bin, 'k6'), 'k6 v0.49.0 (go)');
    const error = await failure(resolveTool('k6', { env, install: false }));
    expect(error.message).toBe('k6 1.0.0 or later is needed and was not found');
    expect(error.reason.split('\n')).toEqual([
      'FIREDRILL_K6: not set',
      `${join(bin, 'k6')}: is version 0.49.0, at least 1.0.0 is needed`,
      `${cacheDir}: no k6`,
    ]);
    expect(error.hint).toContain('or set FIREDRILL_K6 to its path');
  });

  test('several missing tools are reported together', async () => {
    const { env } = await emptyHome();
    const error = await failure(resolveTools(['k6', 'amtool'], { env, install: false }));
    expect(error.message).toBe('2 tools are missing');
    expect(error.reason).toContain('k6 1.0.0 or later');
    expect(error.reason).toContain('amtool 0.25.0 or later');
  });
});

describe('installing', () => {
  test('tries the methods in order and lists why each failed', async () => {
    const { env, cacheDir } = await emptyHome();
    const options = withMethods(
      method('from the moon', async () => 'no rocket'),
      method('an old one', async ({ into }) => {
        await fake(join(into, 'k6'), 'k6 v0.1.0 (go)');
        return null;
      }),
      method('nothing', async () => null),
    );
    const error = await failure(resolveTool('k6', { env, ...options }));
    expect(error.reason).toContain('from the moon: no rocket');
    expect(error.reason).toContain('an old one: is version 0.1.0, at least 1.0.0 is needed');
    expect(error.reason).toContain('nothing: no such file');
    expect((await readdir(join(cacheDir, 'tools', 'k6'))).filter((name) => name.startsWith('.new'))).toEqual([]);
  });

  test('happens once when two ask at the same time, and tells of its progress', async () => {
    const { env, cacheDir } = await emptyHome();
    let installs = 0;
    const progress: string[] = [];
    const slow = method('slowly', async ({ into }) => {
      installs++;
      await new Promise((done) => setTimeout(done, 150));
      await fake(join(into, 'k6'), 'k6 v1.8.1 (go)');
      return null;
    });
    const options = { env, onProgress: (message: string) => progress.push(message), ...withMethods(slow) };
    const found = await Promise.all([resolveTool('k6', options), resolveTool('k6', options)]);
    expect(installs).toBe(1);
    expect(found.map(({ source }) => source).sort()).toEqual(['cache', 'installed']);
    expect(found[0]?.path).toBe(join(cacheDir, 'tools', 'k6', '1.8.1', 'k6'));
    expect(progress.sort()).toEqual([
      'installing k6 (slowly, about 1 s)',
      `waiting for k6: process ${process.pid} is installing it`,
    ]);
  });

  test('replaces a cached version that does not run, and clears what a killed install left', async () => {
    const { env, cacheDir } = await emptyHome();
    const folder = join(cacheDir, 'tools', 'k6');
    await mkdir(join(folder, '1.8.1'), { recursive: true });
    await writeFile(join(folder, '1.8.1', 'k6'), 'half a progr');
    await mkdir(join(folder, '.new.999999999.1.ab'));
    const good = method('well', async ({ into }) => {
      await fake(join(into, 'k6'), 'k6 v1.8.1 (go)');
      return null;
    });
    expect(await resolveTool('k6', { env, ...withMethods(good) })).toMatchObject({ source: 'installed' });
    expect(await readdir(folder)).toEqual(['1.8.1']);
  });

  test('without Go and apt names them as what is missing', async () => {
    const { env } = await emptyHome();
    const error = await failure(resolveTool('k6', { env }));
    expect(error.reason).toContain('go install go.k6.io/k6@v1.8.1: go is not installed');
    const other = await failure(resolveTool('amtool', { env }));
    expect(other.reason).toContain('apt-get download prometheus-alertmanager: apt-get is not installed');
    expect(other.hint).toContain('or set FIREDRILL_AMTOOL to its path');
  });

  test('stops when it is aborted', async () => {
    const { env } = await emptyHome();
    const abort = new AbortController();
    const endless = method('endlessly', async () => {
      abort.abort(new Error('interrupted'));
      return 'aborted';
    });
    await expect(resolveTool('k6', { env, signal: abort.signal, ...withMethods(endless) })).rejects.toThrow(
      'interrupted',
    );
  });
});

test('every tool that is found really runs', async () => {
  const names = BUNDLES.flatMap(({ tools }) => tools.map(({ tool }) => tool));
  const found = await resolveTools(names);
  expect(Object.keys(found).sort()).toEqual([...names].sort());
  for (const tool of names) {
    expect(compareVersions(found[tool].version, lookUp(tool).spec.minimum)).toBeGreaterThanOrEqual(0);
  }
  // A copy elsewhere still is that tool: nothing hangs on the place, as a name in a path would.
  const { home, env } = await emptyHome();
  await copyFile(found.promtool.path, join(home, 'copy'));
  const copied = { ...env, FIREDRILL_PROMTOOL: join(home, 'copy') };
  expect(await resolveTool('promtool', { env: copied })).toMatchObject({ version: found.promtool.version });
});

test('the cache follows XDG_CACHE_HOME, but not a relative one', () => {
  expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: '/var/x' })).toBe('/var/x/firedrill');
  expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: 'x' })).toBe('/home/a/.cache/firedrill');
  expect(cacheFolder({ HOME: '/home/a' })).toBe('/home/a/.cache/firedrill');
});

test.each([
  ['k6', 'k6 v1.8.1 (go1.26.8, linux/amd64)', '1.8.1'],
  ['k6', 'k6 v2.0.0-rc1 (commit/abc, go1.26.8, linux/amd64)', '2.0.0'],
  ['prometheus', 'prometheus, version 2.42.0+ds (branch: debian/sid, revision: 2.42.0)', '2.42.0'],
  ['amtool', 'amtool, version 0.25.0 (branch: debian/sid, revision: 0.25.0-1+b4)', '0.25.0'],
  ['prometheus', 'prometheus, version  (branch: , revision: unknown)\n  go version: go1.26.8', null],
  ['prometheus', 'promtool, version 2.42.0', null],
] as const)('the version of %s in "%s" is %s', (tool, output, version) => {
  expect(parseVersion(tool, output)).toBe(version);
});
