import { isDeepStrictEqual } from 'node:util';
import type { McpService, ToolEndpoint } from '../../../thresholds/model.ts';
import { expectedText } from '../http/answer.ts';
import { jsonObject } from '../metrics/arguments.ts';
import type { EndpointRuntime, ServiceState } from '../service-state.ts';
import { isTimeZone, timeIn } from './clock.ts';

/** A tool as it is listed. */
export interface Tool {
  name: string;
  /** Name of the server behind an OpenAPI proxy; null where there is only one. */
  server: string | null;
  description: string;
  inputSchema: { type: 'object'; properties: Record<string, { type: string }>; required: string[] };
}

export interface ToolResult {
  text: string;
  isError: boolean;
}

export type ToolRuntime = EndpointRuntime<ToolEndpoint>;

/** The tool whose answer is the time itself. */
const CLOCK_TOOL = 'get_current_time';

/** The tools of one service: those that its endpoints call, and those that the catalogue says must be listed. */
export class Toolbox {
  readonly tools: readonly Tool[];
  readonly #calls: { runtime: ToolRuntime; text: string }[];
  readonly #now: () => number;

  constructor(state: ServiceState<McpService>) {
    this.#now = state.around.now;
    this.#calls = state.endpoints.map((runtime) => {
      const typed = runtime as ToolRuntime;
      return { runtime: typed, text: expectedText(typed.endpoint, state.service.target) };
    });
    const called = Map.groupBy(this.#calls, ({ runtime: { endpoint } }) => `${endpoint.server ?? ''}/${endpoint.tool}`);
    const named = new Set(this.#calls.map(({ runtime }) => runtime.endpoint.tool));
    this.tools = [
      ...[...called.values()].map((calls) => describe(calls.map(({ runtime }) => runtime.endpoint))),
      ...state.service.mcp.tools.filter((name) => !named.has(name)).map((name) => bare(name)),
    ];
  }

  /** The endpoint that a call belongs to: the one with these very arguments, else the first with the tool. */
  find(tool: string, server: string | null, args: Record<string, unknown>): ToolRuntime | undefined {
    const all = this.#calls.map(({ runtime }) => runtime);
    const same = all.filter(
      ({ endpoint }) => endpoint.tool === tool && (server === null || endpoint.server === server),
    );
    return same.find(({ endpoint }) => isDeepStrictEqual(endpoint.arguments, args)) ?? same[0];
  }

  has(tool: string, server: string | null = null): boolean {
    return this.tools.some((each) => each.name === tool && (server === null || each.server === server));
  }

  /** What the tool answers; the time is the real one, everything else what the catalogue expects. */
  run(tool: string, server: string | null, args: Record<string, unknown>): ToolResult {
    const zone = args.timezone;
    if (zone !== undefined && !isTimeZone(zone)) return { text: `Invalid timezone: ${zone}`, isError: true };
    const runtime = this.find(tool, server, args);
    const text = this.#calls.find((call) => call.runtime === runtime)?.text ?? `{"tool":"${tool}","status":"ok"}`;
    if (tool !== CLOCK_TOOL || zone === undefined) return { text, isError: false };
    return { text: JSON.stringify({ ...jsonObject(text), ...timeIn(zone, this.#now()) }), isError: false };
  }
}

function describe(endpoints: readonly ToolEndpoint[]): Tool {
  const name = endpoints[0]?.tool ?? '';
  const all = endpoints.flatMap((endpoint) => Object.entries(endpoint.arguments));
  const inAll = ([argument]: [string, unknown]) => endpoints.every((endpoint) => argument in endpoint.arguments);
  return {
    ...bare(name),
    server: endpoints[0]?.server ?? null,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(all.map(([argument, value]) => [argument, { type: jsonType(value) }])),
      required: [...new Set(all.filter(inAll).map(([argument]) => argument))],
    },
  };
}

function bare(name: string): Tool {
  const description = `Simulated: ${name.replaceAll(/[_-]+/g, ' ')}`;
  return { name, server: null, description, inputSchema: { type: 'object', properties: {}, required: [] } };
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
