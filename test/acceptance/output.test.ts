import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../thresholds/verdict.ts';
import { cli, healthyServer, run, temporaryFolder, webCatalogue } from './support.ts';

const LOAD = ['load', '--profile', 'smoke', '--duration', '1s'];

describe('what a run prints and leaves', () => {
  test('--json prints the verdict on stdout and nothing else; the rest goes to stderr', async () => {
    const { code, stdout, stderr, verdict } = await run([
      ...LOAD,
      '--json',
      '--catalogue',
      webCatalogue(await healthyServer()),
    ]);
    expect(JSON.parse(stdout)).toEqual(verdict);
    expect(stderr).toContain('firedrill load');
    expect(code).toBe(0);
  });

  test('--quiet prints the verdict alone', async () => {
    const { code, stdout, stderr, out } = await run([
      ...LOAD,
      '--quiet',
      '--catalogue',
      webCatalogue(await healthyServer()),
    ]);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '  PASS   pass 5   inconclusive 0   fail 0   broken 0',
      expect.stringMatching(/verdict\.json +exit 0$/),
    ]);
    expect(stdout).toContain(out);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('--json of a run that is broken is JSON too', async () => {
    const env = { FIREDRILL_K6: '/no/such/k6' };
    const { code, stdout } = await run([...LOAD, '--json', '--catalogue', webCatalogue('http://127.0.0.1:1')], { env });
    expect((JSON.parse(stdout) as Verdict).outcome).toBe('broken');
    expect(code).toBe(3);
  });

  test('each run has a folder of its own under results/, and results/latest names the last', async () => {
    const cwd = temporaryFolder();
    const args = [...LOAD.slice(0, 3), '--duration', '1s', '--max-requests', '1'];
    const catalogue = webCatalogue(await healthyServer());
    const latest = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, stdout } = await cli([...args, '--catalogue', catalogue], { cwd });
      expect(code).toBe(4);
      latest.push(readlinkSync(join(cwd, 'results', 'latest')));
      expect(stdout).toContain(join('results', latest.at(-1) ?? ''));
    }
    expect(latest[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-\d+$/);
    expect(latest[1]).not.toBe(latest[0]);
    expect(readdirSync(join(cwd, 'results')).sort()).toEqual([...latest, 'latest'].sort());
    const files = readdirSync(join(cwd, 'results', 'latest'));
    expect(files).toEqual(expect.arrayContaining(['verdict.json', 'summary.md', 'junit.xml']));
    expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
    expect(readFileSync(join(cwd, 'results', 'latest', 'summary.md'), 'utf8')).toMatch(/inconclusive/i);
  });
});
