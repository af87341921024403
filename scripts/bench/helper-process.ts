import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { HarnessError } from '../process/harness-error.ts';

/**
 * Starts a file of this folder as a process of its own, whose event loop and processor time are not those of the benchmark.
 * @param flags of Node.
 */
export function forkHelper(name: string, flags: readonly string[] = []): ChildProcess {
  const path = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
  // Structured clones: a catalogue holds maps.
  return fork(path, { execArgv: [...flags], serialization: 'advanced' });
}

/**
 * Sends an order, and waits for the one message that answers it.
 * @throws HarnessError when the process ends instead.
 */
export async function askHelper<Answer>(
  child: ChildProcess,
  order: string | number | object,
  { signal, withinMs }: { signal: AbortSignal; withinMs: number },
): Promise<Answer> {
  const settled = new AbortController();
  const giveUp = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(withinMs)]);
  const gone = once(child, 'exit', { signal: giveUp }).then(([code]) => {
    throw new HarnessError('a helper process of the benchmark ended', { reason: `exit code ${code}` });
  });
  const answer = once(child, 'message', { signal: giveUp });
  child.send(order);
  try {
    return (await Promise.race([answer, gone]))[0];
  } finally {
    settled.abort();
    gone.catch(() => {});
    answer.catch(() => {});
  }
}
