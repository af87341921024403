import { HarnessError } from '../process/harness-error.ts';
import type { ProcessScope } from '../process/scope.ts';

export interface K6Cost {
  /** User and system time of k6 from its start to its end. */
  cpuSeconds: number;
  wallSeconds: number;
}

/** Runs k6 under a shell that afterwards prints the processor time of its children: no other way counts to the very end. */
export async function measureK6(
  scope: ProcessScope,
  run: { k6Path: string; args: readonly string[]; cwd: string; env: Record<string, string> },
): Promise<K6Cost> {
  const started = performance.now();
  const shell = await scope.start({
    name: 'k6',
    file: '/bin/sh',
    args: ['-c', '"$@"; echo "exit $?"; times', 'sh', run.k6Path, ...run.args],
    cwd: run.cwd,
    env: run.env,
    endsByItself: true,
  });
  await shell.exited;
  const wallSeconds = (performance.now() - started) / 1_000;
  const output = shell.tail(20);
  const times = [...(output.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (!output.some((line) => line === 'exit 0' || line === 'exit 99') || times.length !== 2) {
    throw new HarnessError('k6 failed in the benchmark', { reason: output.join('\n') });
  }
  const cpuSeconds = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  return { cpuSeconds, wallSeconds };
}
