import { compileExpectation, valueAt } from '../../../thresholds/expectation.ts';
import type { LlmRouteSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import { exchange, type HttpAnswer } from '../../http/exchange.ts';
import { requestHeaders } from '../../http/headers.ts';
import type { Probe } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { type PaidLook, paidProbe } from './paid.ts';

const NO_PHASES = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };

/** What stands for an answer of no provider that the catalogue names. */
export const OTHER_PROVIDER = 'other';

/** Asks an application, with its first provider made to fail, and sees to it that the expected one answered. */
export function routeProbe(context: ProbeContext, target: ProbeTarget<LlmRouteSpec>): Probe {
  const test = compileExpectation(target.spec.request.steps[0].expect);
  return paidProbe(context, target, NO_PHASES, (options) => look(context, target, test, options));
}

async function look(
  context: ProbeContext,
  target: ProbeTarget<LlmRouteSpec>,
  test: ReturnType<typeof compileExpectation>,
  options: ProbeOptions,
): Promise<PaidLook> {
  const { spec } = target;
  const [step] = spec.request.steps;
  let asked = false;
  const result = await measureRun(context, target, options, { ...NO_PHASES }, async ({ deadline, phases, facts }) => {
    const headers = requestHeaders(step, target.auth, context.readSecret);
    const url = new URL(target.url + step.path);
    const tls = url.protocol === 'https:';
    const socket = await context.connect(
      { ...hostAndPort(url, tls ? 443 : 80), tls: tls ? tlsOptions(context, target) : null },
      { deadline, phases, facts },
    );
    asked = true;
    const answer = await exchange(
      {
        socket,
        method: step.method,
        path: url.pathname + url.search,
        headers: { host: url.host, ...headers },
        body: step.body,
        keepText: true,
        bodyLimitBytes: options.bodyLimitBytes,
        headerLimitBytes: options.headerLimitBytes,
      },
      { clock: context.clock, deadline, phases },
      ({ statusCode }) => {
        facts.status = statusCode ?? 0;
      },
    );
    const header = (name: string) => answer.message.headers[name.toLowerCase()]?.toString();
    const mismatch = test(answer.message.statusCode ?? 0, answer.text, header);
    if (mismatch !== undefined) throw new ProbeFailure(mismatch.reason, mismatch.detail);
    const named = nameIn(spec.answeredBy, answer);
    const answeredBy = providerOf(spec, named);
    facts.llm = { answeredBy };
    if (answeredBy !== spec.expectProvider) {
      const who = named === undefined ? 'the answer names no provider' : `answered by ${named}`;
      throw new ProbeFailure('provider', `${who}, expected ${spec.expectProvider}`);
    }
  });
  // An application does not say what its answer used: the estimate stands, unless it was never asked.
  return { result, usage: asked ? undefined : null, retryAfterMs: 0 };
}

function nameIn(where: LlmRouteSpec['answeredBy'], { message, text }: HttpAnswer): string | undefined {
  if ('header' in where) return message.headers[where.header.toLowerCase()]?.toString();
  try {
    const value = valueAt(JSON.parse(text), where.json);
    return typeof value === 'string' ? value.slice(0, 80) : undefined;
  } catch {
    return undefined;
  }
}

function providerOf({ providers }: LlmRouteSpec, named: string | undefined): string {
  const match = Object.entries(providers).find(([, pattern]) => named !== undefined && new RegExp(pattern).test(named));
  return match?.[0] ?? OTHER_PROVIDER;
}
