import { compileExpectation, type ExpectationTest, looksAtText } from '../../../thresholds/expectation.ts';
import type { Auth, HttpProbeSpec, HttpStep } from '../../../thresholds/model.ts';
import { certificateMismatch } from '../../certificate.ts';
import type { TlsOptions } from '../../connect.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import type { CookieJar } from '../../http/cookies.ts';
import { exchange, type HttpAnswer } from '../../http/exchange.ts';
import { authHeader, requestHeaders } from '../../http/headers.ts';
import { type Hop, nextHop } from '../../http/redirect.ts';
import type { Run } from '../../measured-run.ts';
import type { ProbeFacts } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';
import { type Carried, extractValues, fillIn, hasVariables } from './carry.ts';
import type { HttpPhase } from './series.ts';

/** What the steps of one run share. */
export interface Journey {
  context: ProbeContext;
  target: ProbeTarget<HttpProbeSpec>;
  options: ProbeOptions;
  run: Run<Exclude<HttpPhase, 'other'>>;
  /** Read at the first encrypted hop. */
  tls: TlsOptions | null;
  carried: Carried;
  cookies: CookieJar;
  /** The first thing wrong with a certificate that verified; told when all else is well. */
  certificateProblem: ProbeFailure | undefined;
}

/** A step, read once for all runs. */
export interface PreparedStep {
  step: HttpStep;
  test: ExpectationTest;
  keepText: boolean;
  variables: boolean;
  /** In lower case; they stay at their origin. */
  secretHeaders: ReadonlySet<string>;
}

/** Reads patterns and paths of a step. */
export function prepareStep(step: HttpStep, auth: Auth | null, keepAnswers: boolean): PreparedStep {
  const carriers = Object.keys(step.headers).filter((name) => step.headers[name]?.includes('{{'));
  return {
    step,
    test: compileExpectation(step.expect),
    keepText:
      keepAnswers || looksAtText(step.expect) || Object.values(step.extract).some((each) => !('header' in each)),
    variables: hasVariables(step),
    // What a step extracted is mostly a token.
    secretHeaders: new Set([
      ...carriers.map((name) => name.toLowerCase()),
      ...(auth === null ? [] : [authHeader(auth)]),
    ]),
  };
}

/**
 * One request with its redirects, unless the status of one is the expected one; each hop on a fresh connection.
 * @throws ProbeFailure when the answer does not come or is not as expected.
 */
export async function takeStep(
  { step: written, test, keepText, variables, secretHeaders }: PreparedStep,
  journey: Journey,
) {
  const { context, target, options, run, carried, cookies } = journey;
  const step = variables ? fillIn(written, carried) : written;
  let hop: Hop = {
    url: new URL(target.url + step.path),
    method: step.method,
    headers: requestHeaders(step, target.auth, context.readSecret),
    body: step.body,
  };
  const trace = hop.headers.traceparent === undefined ? context.beginTrace?.() : undefined;
  if (trace !== undefined) {
    hop.headers.traceparent = trace.traceparent;
    run.facts.traceId = trace.id;
  }
  let redirects = 0;
  let redirectedFrom: string | undefined;
  for (;;) {
    const answer = await askHop(hop, journey, keepText, redirectedFrom);
    const { statusCode: status = 0, headers } = answer.message;
    const setCookie = headers['set-cookie'];
    if (setCookie !== undefined) cookies.store(hop.url, setCookie);
    const next: Hop | undefined = step.expect.status.includes(status)
      ? undefined
      : nextHop(hop, status, headers.location, secretHeaders);
    if (next === undefined) {
      expectAnswer(test, answer);
      extractValues(step, answer, carried);
      return;
    }
    redirectedFrom = run.facts.ipAddress;
    hop = next;
    run.facts.redirects = (run.facts.redirects ?? 0) + 1;
    redirects += 1;
    if (redirects > options.maxRedirects) {
      throw new ProbeFailure('redirect', `more than ${options.maxRedirects} redirects`);
    }
  }
}

async function askHop(
  { url, method, headers, body }: Hop,
  journey: Journey,
  keepText: boolean,
  redirectedFrom: string | undefined,
): Promise<HttpAnswer> {
  const { context, target, options, run, cookies } = journey;
  const { facts } = run;
  const { certificate, exports } = target.spec;
  const tls = url.protocol === 'https:';
  if (tls && journey.tls === null) {
    const describe = certificate !== null || exports.includes('certificate');
    journey.tls = { ...tlsOptions(context, target), describe };
  }
  const socket = await context.connect(
    {
      ...hostAndPort(url, tls ? 443 : 80),
      tls: tls ? journey.tls : null,
      redirectedFrom,
    },
    run,
  );
  if (tls && certificate !== null) {
    journey.certificateProblem ??= certificateMismatch(certificate, facts, context.clock.now());
  }
  const cookie = cookies.headerFor(url);
  const answer = await exchange(
    {
      socket,
      method,
      path: url.pathname + url.search,
      headers: { host: url.host, ...headers, ...(cookie !== undefined && { cookie }) },
      body,
      keepText,
      bodyLimitBytes: options.bodyLimitBytes,
      headerLimitBytes: options.headerLimitBytes,
    },
    { clock: context.clock, deadline: run.deadline, phases: run.phases },
    ({ statusCode, httpVersion, headers: received }) => {
      facts.status = statusCode ?? 0;
      facts.httpVersion = Number(httpVersion);
      facts.contentLength = Number(received['content-length'] ?? -1);
      const modified = received['last-modified'];
      if (modified !== undefined) noteModified(facts, modified);
    },
  );
  if (keepText || answer.message.headers['content-encoding'] === undefined) {
    facts.uncompressedBodyLength = answer.bodyBytes;
  }
  return answer;
}

function noteModified(facts: ProbeFacts, modified: string) {
  const ms = Date.parse(modified);
  if (!Number.isNaN(ms)) facts.lastModifiedSeconds = ms / 1_000;
}

function expectAnswer(test: ExpectationTest, { message, text }: HttpAnswer) {
  const header = (name: string) => {
    const value = message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const mismatch = test(message.statusCode ?? 0, text, header);
  if (mismatch !== undefined) throw new ProbeFailure(mismatch.reason, mismatch.detail);
}
