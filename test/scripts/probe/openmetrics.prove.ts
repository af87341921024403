import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../probes/support.ts';
import { OPENMETRICS_ACCEPT, tracedProber } from './traced-prober.ts';

const READ = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
exemplars = [s.exemplar for f in families for s in f.samples if s.exemplar]
print(len(families), sum(len(f.samples) for f in families), len(exemplars))
`;

it("the reference reader of OpenMetrics, Python's prometheus_client, takes /metrics", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-python-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await execa('python3', ['-m', 'venv', dir], { timeout: 60_000 });
  const python = join(dir, 'bin', 'python');
  await execa(python, ['-m', 'pip', 'install', '--quiet', 'prometheus_client==0.22.1'], { timeout: 100_000 });
  await using prober = await tracedProber();
  const page = await until(async () => {
    const text = await (await fetch(`${prober.url}/metrics`, { headers: { accept: OPENMETRICS_ACCEPT } })).text();
    return text.includes('trace_id') ? text : undefined;
  });
  const { stdout } = await execa(python, ['-c', READ], { input: page, timeout: 20_000 });
  const [families = 0, samples = 0, exemplars = 0] = stdout.split(' ').map(Number);
  expect(families).toBeGreaterThan(20);
  expect(samples).toBeGreaterThan(40);
  expect(exemplars).toBe(1);
}, 180_000);
