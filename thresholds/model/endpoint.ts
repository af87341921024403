import type { Place } from './catalogue.ts';

/** The expected answer. */
export interface Expectation {
  status: number[];
  json: Record<string, JsonCondition>;
  /** Source of a regular expression. */
  text: string | null;
  headers: Record<string, string>;
  /** What must not be; any of these found is a mismatch. */
  not?: Unwanted;
}

/** Conditions as in {@link Expectation}, none of which may hold. A JSON path without a value holds none. */
export interface Unwanted {
  status: number[];
  json: Record<string, JsonCondition>;
  text: string | null;
  headers: Record<string, string>;
}

export type JsonCondition =
  | string
  | number
  | boolean
  | null
  | { type: 'string' | 'number' | 'boolean' | 'array' | 'object' }
  | { matches: string }
  | { minItems: number };

interface EndpointBase {
  /** Unique in its service. */
  id: string;
  weight: number;
  timeoutMs: number;
  expect: Expectation;
  objectives: EndpointObjectives;
  sim: EndpointSim;
  place: Place;
}

export interface HttpEndpoint extends EndpointBase {
  kind: 'http';
  method: string;
  /** Path template with parameters in braces, query included. */
  path: string;
  params: Record<string, (string | number)[]>;
  headers: Record<string, string>;
  /** Text as sent; null for no body. Content-Type stands in `headers`. */
  body: string | null;
}

export interface ToolEndpoint extends EndpointBase {
  kind: 'tool';
  tool: string;
  server: string | null;
  arguments: Record<string, unknown>;
}

export interface CompletionEndpoint extends EndpointBase {
  kind: 'completion';
  prompt: string;
  maxTokens: number;
}

export type Endpoint = HttpEndpoint | ToolEndpoint | CompletionEndpoint;

export interface EndpointObjectives {
  /** Share of answers (`quantile`, 0 to 1) that must come within `limitMs`; `name` as in the catalogue: `p95`. */
  latency: { name: string; quantile: number; limitMs: number }[];
  /** Share of good answers, 0 to 1. */
  success: number;
  meanMs: number | null;
  maxMs: number | null;
}

/** A lognormal distribution by its median and 95th percentile. */
export interface Distribution {
  median: number;
  p95: number;
}

/** How the fleet answers an endpoint. Milliseconds. */
export interface EndpointSim {
  latencyMs: Distribution;
  /** Undefined: made up from the expectation. */
  body: unknown;
  contentType: string | null;
  calls: string[];
  skipFirst: boolean;
}
