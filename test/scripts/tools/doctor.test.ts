import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collectDoctor, type DoctorReport } from '../../../scripts/tools/doctor.ts';
import { renderDoctor } from '../../../scripts/tools/doctor-text.ts';
import { wrapText } from '../../../scripts/tools/wrap-text.ts';

const REPORT: DoctorReport = {
  ok: false,
  rows: [
    {
      subject: 'k6',
      ok: true,
      version: '1.8.1',
      minimum: '1.0.0',
      source: 'cache',
      path: '/home/ada/.cache/firedrill/tools/k6/1.8.1/k6',
      problems: [],
      fix: null,
    },
    {
      subject: 'alertmanager',
      ok: false,
      version: null,
      minimum: '0.25.0',
      source: null,
      path: null,
      problems: ['FIREDRILL_ALERTMANAGER: not set', 'PATH: no alertmanager'],
      fix: 'fix: sudo apt-get install prometheus-alertmanager, or set FIREDRILL_ALERTMANAGER to its path',
    },
  ],
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  go: null,
  apt: true,
};

test('finds what is there, and is fit where everything is', async () => {
  const report = await collectDoctor();
  expect(report.rows.map(({ subject }) => subject)).toEqual([
    'node',
    'k6',
    'prometheus',
    'promtool',
    'alertmanager',
    'amtool',
    'cache',
    'redis-server',
    'postgres',
    'initdb',
    'node_exporter',
    'blackbox_exporter',
  ]);
  expect(report).toMatchObject({ ok: true, cores: expect.any(Number) });
  expect(report.memoryBytes).toBeGreaterThan(2 ** 26);
});

test('installs nothing unless asked, and says what is missing and how to get it', async () => {
  const home = await mkdtemp(join(tmpdir(), 'firedrill-doctor-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const report = await collectDoctor({ env: { HOME: home, PATH: '' } });
  expect(report.ok).toBe(false);
  expect(report.rows.find(({ subject }) => subject === 'k6')).toMatchObject({
    ok: false,
    version: null,
    fix: expect.stringContaining('fix: firedrill doctor --install'),
  });
  expect(await readdir(home)).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)('names a cache folder that cannot be written', async () => {
  const home = await mkdtemp(join(tmpdir(), 'firedrill-doctor-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, '.cache'));
  await chmod(join(home, '.cache'), 0o500);
  const report = await collectDoctor({ env: { HOME: home, PATH: '' } });
  expect(report.rows.find(({ subject }) => subject === 'cache')).toMatchObject({
    subject: 'cache',
    ok: false,
    fix: expect.stringContaining('XDG_CACHE_HOME'),
  });
});

test('is shown with the evidence under each row, within 80 columns', () => {
  expect(renderDoctor(REPORT, '/home/ada')).toBe(`\
  k6             1.8.1     >= 1.0.0   ok      cache
                 ~/.cache/firedrill/tools/k6/1.8.1/k6
  alertmanager             >= 0.25.0  MISSING
                 FIREDRILL_ALERTMANAGER: not set
                 PATH: no alertmanager
                 fix: sudo apt-get install prometheus-alertmanager, or set
                 FIREDRILL_ALERTMANAGER to its path

  2 cores   8.0 GiB memory   go none   apt-get yes
  not ready: alertmanager
`);
});

test('text is broken at blanks, and a word that is too long is cut', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapText(`a ${'x'.repeat(10)}`, 4)).toEqual(['a', 'xxxx', 'xxxx', 'xx']);
  expect(wrapText('', 4)).toEqual([]);
});
