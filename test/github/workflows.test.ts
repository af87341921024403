import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: unknown;
  readonly jobs: Record<string, { readonly steps: Step[]; readonly strategy?: { matrix: Record<string, string[]> } }>;
}

async function workflow(name: string): Promise<Workflow> {
  return parse(await readFile(`.github/workflows/${name}.yml`, 'utf8')) as Workflow;
}

describe.each(['ci', 'nightly'])('%s.yml', (name) => {
  test('pins every action by commit, caches the tools and may only read', async () => {
    const { jobs, permissions } = await workflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const actions = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(actions.length).toBeGreaterThan(2);
    for (const action of actions) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    expect(steps.find(({ uses }) => uses?.startsWith('actions/cache@'))?.with).toMatchObject({
      path: '~/.cache/firedrill/tools',
    });
    expect(permissions).toEqual({ contents: 'read' });
  });
});

test('the gate runs on each Node line that package.json allows', async () => {
  const { jobs } = await workflow('ci');
  expect(jobs.test?.strategy?.matrix.node).toEqual(['22', '24', '26']);
  expect(jobs.test?.steps.map(({ run }) => run)).toContain('npm test');
});

test('the nightly check runs by schedule and by hand, and keeps the results whatever the outcome', async () => {
  const { on, jobs } = await workflow('nightly');
  expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
  const upload = jobs.nightly?.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
  expect(upload).toMatchObject({ if: 'always()' });
});

test.each([
  ['a pass', 0, '# pass'],
  ['a broken SLA', 1, '# fail'],
  ['an inconclusive run', 4, '# inconclusive'],
  ['a run that wrote nothing', 3, undefined],
])('the nightly step hands on the exit code and the summary of %s', async (_, code, summary) => {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-workflow-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'out'));
  if (summary !== undefined) await writeFile(join(dir, 'out', 'summary.md'), `${summary}\n`);
  await writeFile(join(dir, 'npm'), `#!/bin/sh\necho "$@" > "${dir}/called"\nexit ${code}\n`);
  await chmod(join(dir, 'npm'), 0o755);
  const { jobs } = await workflow('nightly');
  const script = jobs.nightly?.steps.find(({ name }) => name === 'SLA check')?.run ?? '';
  const env = {
    PATH: `${dir}:${process.env.PATH}`,
    PROFILE: 'smoke',
    RESULTS: join(dir, 'out'),
    GITHUB_STEP_SUMMARY: join(dir, 'step-summary'),
  };
  // The shell that GitHub uses for a step.
  const { exitCode } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    env,
    reject: false,
  });
  expect(exitCode).toBe(code);
  const shown = await readFile(env.GITHUB_STEP_SUMMARY, 'utf8');
  expect(shown).toContain(summary ?? 'firedrill wrote no summary');
  expect(shown).toContain(`Exit code ${code}`);
  expect(await readFile(join(dir, 'called'), 'utf8')).toContain(
    `firedrill -- nightly --profile smoke --out ${dir}/out`,
  );
});
