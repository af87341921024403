import type { ProbeOptions } from '../../../../probes/context.ts';
import type { Probe } from '../../../../probes/kind.ts';
import { mcpKind } from '../../../../probes/kinds/mcp/kind.ts';
import type { ProbeResult } from '../../../../probes/result.ts';
import type { ProbeTarget } from '../../../../probes/target.ts';
import type { McpCanary, McpProbeSpec } from '../../../../thresholds/model.ts';
import { context, options, TIMING, target } from '../../support.ts';

/** A probe that lists the tools of a server and calls none. */
export function mcpSpec(change: Partial<McpProbeSpec> = {}): McpProbeSpec {
  return {
    ...TIMING,
    kind: 'mcp',
    transport: 'streamable-http',
    path: '/mcp',
    era: 'auto',
    serverName: null,
    versions: [],
    minTools: 0,
    tools: [],
    schemas: {},
    canary: null,
    ping: false,
    exports: [],
    ...change,
  };
}

/** A call without arguments whose answer may be anything. */
export function canary(change: Partial<McpCanary> = {}): McpCanary {
  return {
    tool: 'echo',
    server: null,
    arguments: {},
    expect: { status: [200], json: {}, text: null, headers: {} },
    withinMs: null,
    ...change,
  };
}

export function createMcp(url: string, spec: Partial<McpProbeSpec> = {}, change: Partial<ProbeTarget> = {}): Probe {
  return mcpKind.create(context, { ...target({ url, ...change }), spec: mcpSpec(spec) });
}

/** One run of a probe made for it alone, with all that it leaves behind. */
export async function runMcp(
  url: string,
  spec: Partial<McpProbeSpec> = {},
  limits: Partial<ProbeOptions> = {},
  change: Partial<ProbeTarget> = {},
): Promise<ProbeResult> {
  const probe = createMcp(url, spec, change);
  try {
    return await probe.run(options(limits));
  } finally {
    await probe.close?.();
  }
}
