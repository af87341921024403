import type { Expectation } from '../endpoint.ts';
import type { ProbeBase } from './base.ts';

export interface HttpProbeSpec extends ProbeBase {
  kind: 'http';
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  /** Text as sent; null for no body. */
  body: string | null;
  expect: Expectation;
}
