import type { McpProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { requestHeaders } from '../../http/headers.ts';
import type { Probe, ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import type { Dialogue, McpPhase } from './dialogue.ts';
import { probeProxy } from './proxy.ts';
import { mcpLayout } from './series.ts';
import { type EraMemory, probeServer } from './server.ts';
import { openWire } from './wire.ts';

/**
 * A server of MCP tools, in the protocol of either era or behind a proxy such as mcpo: what it is, what it lists, and what its canary
 * answers. A session that it opens is always ended.
 */
export const mcpKind: ProbeKind<McpProbeSpec> = {
  create: createMcpProbe,
  addressProblem: ({ protocol }) =>
    protocol === 'http:' || protocol === 'https:' ? undefined : 'but an mcp probe needs http:// or https://',
  layout: mcpLayout,
};

function createMcpProbe(context: ProbeContext, target: ProbeTarget<McpProbeSpec>): Probe {
  const memory: EraMemory = { legacySinceMs: null };
  /** What runs that were cut short still have to end. */
  let leftovers: Promise<void> = Promise.resolve();
  const one = async (options: ProbeOptions) => {
    // Never two sessions of one target at a time.
    await leftovers;
    return runMcp(context, target, options, memory, (ending) => {
      leftovers = ending;
    });
  };
  let current: Promise<unknown> = Promise.resolve();
  return {
    run(options) {
      const run = one(options);
      current = run.catch(() => {});
      return run;
    },
    async close() {
      // Of a run that was aborted just now, what is left is known only once it has ended.
      await current;
      await leftovers;
    },
  };
}

function runMcp(
  context: ProbeContext,
  target: ProbeTarget<McpProbeSpec>,
  options: ProbeOptions,
  memory: EraMemory,
  leave: (ending: Promise<void>) => void,
) {
  const { clock } = context;
  const { spec } = target;
  const phases: Record<McpPhase, number> = {
    resolve: 0,
    connect: 0,
    tls: 0,
    discover: 0,
    initialize: 0,
    list: 0,
    call: 0,
    close: 0,
  };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const headers = requestHeaders({ headers: {}, body: null }, target.auth, context.readSecret);
    const wire = openWire(context, target, { phases, facts, bodyLimitBytes: options.bodyLimitBytes });
    let current: Dialogue | undefined;
    let id = 0;
    const run = { wire, path: spec.path, headers, deadline, phases, facts, spec };
    const end = async () => {
      await current?.end();
      wire.close();
    };
    try {
      if (spec.transport === 'openapi') await probeProxy(run);
      else {
        await probeServer({
          ...run,
          clock,
          memory,
          begin: (dialogue) => {
            current = dialogue;
          },
          nextId: () => ++id,
        });
      }
    } catch (error) {
      // Late already: the result does not wait for the end of the session, the next run does.
      const isLate = options.signal.aborted || (error as { reason?: unknown }).reason === 'timeout';
      if (isLate) leave(end());
      else await end();
      throw error;
    }
    await end();
  });
}
