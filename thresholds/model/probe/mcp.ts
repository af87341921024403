import type { Expectation } from '../endpoint.ts';
import type { ProbeBase } from './base.ts';

export interface McpProbeSpec extends ProbeBase {
  kind: 'mcp';
  /** `openapi`: a proxy such as mcpo. */
  transport: 'streamable-http' | 'openapi';
  /** Of the MCP endpoint; of a proxy, the path before `/openapi.json`. No slash at its end. */
  path: string;
  /** `auto`: found out, and looked at again from time to time. */
  era: 'auto' | 'modern' | 'legacy';
  /** Source of a regular expression that the server's own name must match; null for any. */
  serverName: string | null;
  /** Protocol versions that are accepted; empty for all that are known. */
  versions: readonly string[];
  minTools: number;
  /** Tools that must be listed. */
  tools: readonly McpTool[];
  /** Hash of name and input schema by tool, as a failed run prints it. */
  schemas: Readonly<Record<string, string>>;
  /** Null for none: the tools are listed, and none is called. */
  canary: McpCanary | null;
  /** Whether `ping` must be answered; only the older protocol has it. */
  ping: boolean;
  /** Series beside the usual ones. */
  exports: readonly McpExport[];
}

/** `operations`: a histogram for each operation, under its OpenTelemetry name. */
export type McpExport = 'operations';

/** A tool, behind a proxy by the name of its server. */
export interface McpTool {
  /** Null where there is but one server, or where any will do. */
  server: string | null;
  name: string;
}

/** A call that shows that the tools work. It must be cheap and change nothing. */
export interface McpCanary {
  tool: string;
  server: string | null;
  arguments: Readonly<Record<string, unknown>>;
  /** Of the text and the JSON of the answer. */
  expect: Expectation;
  /** A slower call is a failure; null for no limit. */
  withinMs: number | null;
}
