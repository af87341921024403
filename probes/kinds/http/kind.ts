import { findMismatch } from '../../../thresholds/expectation.ts';
import type { HttpProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { ProbeFailure } from '../../failure.ts';
import { exchange, type HttpAnswer } from '../../http/exchange.ts';
import { authHeader, requestHeaders } from '../../http/headers.ts';
import { type Hop, nextHop } from '../../http/redirect.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { httpLayout } from './series.ts';

/** One HTTP request on a fresh connection, redirects followed unless their status is the expected one, judged by `findMismatch`. */
export const httpKind: ProbeKind<HttpProbeSpec> = {
  create: (context, target) => ({ run: (options) => runHttp(context, target, options) }),
  addressProblem: ({ protocol }) =>
    protocol === 'http:' || protocol === 'https:'
      ? undefined
      : 'but its http probe needs http:// or https://: set probe.kind to tcp',
  layout: httpLayout,
};

function runHttp(context: ProbeContext, target: ProbeTarget<HttpProbeSpec>, options: ProbeOptions) {
  const { spec } = target;
  const phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    facts.redirects = 0;
    const ca = trustStore(context, target);
    const secretHeader = target.auth === null ? null : authHeader(target.auth);
    const keepText = spec.expect.text !== null || Object.keys(spec.expect.json).length > 0;
    let hop: Hop | undefined = {
      url: new URL(target.url + spec.path),
      method: spec.method,
      headers: requestHeaders(spec, target.auth, context.readSecret),
      body: spec.body,
    };
    let answer: HttpAnswer | undefined;
    while (hop !== undefined) {
      const { url, method, headers, body }: Hop = hop;
      const tls = url.protocol === 'https:';
      const socket = await context.connect(
        {
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: Number(url.port) || (tls ? 443 : 80),
          tls: tls ? { ca, insecure: target.tls.insecure } : null,
        },
        { deadline, phases, facts },
      );
      answer = await exchange(
        {
          socket,
          method,
          path: url.pathname + url.search,
          headers: { host: url.host, ...headers },
          body,
          keepText,
          bodyLimitBytes: options.bodyLimitBytes,
        },
        { clock: context.clock, deadline, phases },
        ({ statusCode, httpVersion, headers: received }) => {
          facts.status = statusCode ?? 0;
          facts.httpVersion = Number(httpVersion);
          facts.contentLength = Number(received['content-length'] ?? -1);
        },
      );
      const status = answer.message.statusCode ?? 0;
      const follow = !spec.expect.status.includes(status);
      hop = follow ? nextHop(hop, status, answer.message.headers.location, secretHeader) : undefined;
      if (hop !== undefined && ++facts.redirects > options.maxRedirects) {
        throw new ProbeFailure('redirect', `more than ${options.maxRedirects} redirects`);
      }
    }
    if (answer !== undefined) expectAnswer(spec, answer);
  });
}

function expectAnswer(spec: HttpProbeSpec, { message, text }: HttpAnswer) {
  const header = (name: string) => {
    const value = message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const mismatch = findMismatch(spec.expect, { status: message.statusCode ?? 0, text, header });
  if (mismatch !== undefined) throw new ProbeFailure(mismatch.reason, mismatch.detail);
}

function trustStore({ readCa }: Pick<ProbeContext, 'readCa'>, { tls, url }: ProbeTarget): string | null {
  if (tls.caFile === null || !url.startsWith('https:')) return null;
  try {
    return readCa(tls.caFile);
  } catch (error) {
    throw new ProbeFailure('misconfigured', `cannot read the CA file ${tls.caFile}`, { cause: error });
  }
}
