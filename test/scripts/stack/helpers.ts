import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import type { ResolvedTool } from '../../../scripts/tools/tool.ts';

/** A folder and a scope of processes that are gone after the test. */
export async function testRun(): Promise<{ dir: string; scope: ProcessScope }> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-stack-'));
  const scope = new ProcessScope();
  onTestFinished(async () => {
    await scope.stopAll();
    await rm(dir, { recursive: true, force: true });
  });
  return { dir, scope };
}

/** The Prometheus of the resolver, and a second one (say 3.x beside 2.42) where FIREDRILL_TEST_PROMETHEUS names its path. */
export async function testPrometheuses(): Promise<ResolvedTool[]> {
  const tools = [await resolveTool('prometheus')];
  const second = process.env.FIREDRILL_TEST_PROMETHEUS;
  if (second !== undefined && second !== '') {
    tools.push(await resolveTool('prometheus', { env: { ...process.env, FIREDRILL_PROMETHEUS: second } }));
  }
  return tools;
}

/** Calls `read` until `good` holds for what it gives; throws with the last value at the deadline. */
export async function until<T>(
  read: () => Promise<T> | T,
  good: (value: T) => boolean,
  deadlineMs: number,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (good(value)) return value;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
