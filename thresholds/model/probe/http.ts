import type { Expectation } from '../endpoint.ts';
import type { ProbeBase } from './base.ts';
import type { CertificateExpectation, TlsExport } from './tls.ts';

export interface HttpProbeSpec extends ProbeBase {
  kind: 'http';
  /** In their order; most probes have one. Cookies and what a step extracts are carried to those after it. */
  steps: readonly [HttpStep, ...HttpStep[]];
  /** The port must refuse the connection; no request is sent. */
  mustRefuse: boolean;
  /** Null when verification alone decides. */
  certificate: CertificateExpectation | null;
  /** Series beside the usual ones. */
  exports: readonly HttpExport[];
}

/** One request. Path, header values and body may hold `{{name}}` for a value that an earlier step extracted. */
export interface HttpStep {
  /** For messages. */
  name: string;
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  /** Text as sent; null for no body. */
  body: string | null;
  expect: Expectation;
  extract: Record<string, Extraction>;
}

/** Where in an answer a value is found: at a JSON path, as the first group of a pattern (or its whole match), or in a header. */
export type Extraction = { json: string } | { text: string } | { header: string };

/** Series of an http probe that are there only when asked for. */
export type HttpExport = TlsExport | 'phase-histograms' | 'answer' | 'address';
