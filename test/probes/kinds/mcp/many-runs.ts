import type { ProbeResult } from '../../../../probes/result.ts';
import type { McpProbeSpec } from '../../../../thresholds/model.ts';
import { options } from '../../support.ts';
import { canary, createMcp } from './support.ts';

/** How a run is made to come out. */
const SORTS = ['success', 'failure', 'misconfigured', 'timeout', 'abort'] as const;
type Sort = (typeof SORTS)[number];

/**
 * Runs of every sort in turn, a few at a time, each with all that it leaves behind.
 * @param tool a tool of the server that takes these arguments.
 * @param shortMs upper bound of the random moments at which runs are cut short.
 */
export async function manyRuns(
  url: string,
  runs: number,
  { tool, args, wrong, shortMs }: { tool: string; args: object; wrong: object; shortMs: number },
  spec: Partial<McpProbeSpec> = {},
): Promise<Record<Sort, (ProbeResult | 'aborted')[]>> {
  const seen: Record<Sort, (ProbeResult | 'aborted')[]> = {
    success: [],
    failure: [],
    misconfigured: [],
    timeout: [],
    abort: [],
  };
  let next = 0;
  const worker = async () => {
    while (next < runs) {
      const sort = SORTS[next % SORTS.length] as Sort;
      next += 1;
      seen[sort].push(await one(sort));
    }
  };
  const one = async (sort: Sort): Promise<ProbeResult | 'aborted'> => {
    const called = canary({ tool, arguments: { ...(sort === 'misconfigured' ? wrong : args) } });
    const probe = createMcp(url, {
      timeoutMs: sort === 'timeout' ? 1 + Math.ceil(Math.random() * shortMs) : 10_000,
      canary: called,
      ...(sort === 'failure' && { tools: [{ server: null, name: 'no such tool' }] }),
      ...spec,
    });
    const stop = new AbortController();
    if (sort === 'abort') setTimeout(() => stop.abort(new Error('stopped')), Math.random() * shortMs);
    try {
      return await probe.run(options({ signal: stop.signal }));
    } catch {
      return 'aborted';
    } finally {
      await probe.close?.();
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return seen;
}
