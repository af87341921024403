import type { LlmGenerationSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import { authHeader, requestHeaders } from '../../http/headers.ts';
import type { Probe } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { LLM_DIALECTS } from './dialects.ts';
import { type PaidLook, paidProbe } from './paid.ts';
import { retryAfterMs } from './refusal.ts';
import { type CallProgress, streamCompletion } from './stream.ts';
import type { Timeline } from './timeline.ts';

const NO_PHASES = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };

/** A streamed completion, timed and judged. */
export function generationProbe(context: ProbeContext, target: ProbeTarget<LlmGenerationSpec>): Probe {
  return paidProbe(context, target, NO_PHASES, (options) => generate(context, target, options));
}

/** One completion, whatever the budget says. */
export async function generate(
  context: ProbeContext,
  target: ProbeTarget<LlmGenerationSpec>,
  options: ProbeOptions,
): Promise<PaidLook> {
  const { spec } = target;
  const { clock } = context;
  const dialect = LLM_DIALECTS[spec.api];
  const progress: CallProgress = { timeline: null, billable: false, retryAfter: undefined, status: 0 };
  const result = await measureRun(context, target, options, { ...NO_PHASES }, async ({ deadline, phases, facts }) => {
    const { path, body } = dialect.request(spec);
    const text = JSON.stringify(body);
    const typed = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const headers = requestHeaders({ headers: typed, body: text }, target.auth, context.readSecret);
    const url = new URL(target.url + path);
    const tls = url.protocol === 'https:';
    const socket = await context.connect(
      { ...hostAndPort(url, tls ? 443 : 80), tls: tls ? tlsOptions(context, target) : null },
      { deadline, phases, facts },
    );
    try {
      const timeline = await streamCompletion(
        {
          socket,
          path: url.pathname + url.search,
          headers: { host: url.host, ...headers },
          body: text,
          bodyLimitBytes: options.bodyLimitBytes,
          dialect,
          firstTokenWithinMs: spec.firstTokenWithinMs,
          gapWithinMs: spec.gapWithinMs,
          conceal: concealing(target.auth === null ? undefined : headers[authHeader(target.auth)]),
        },
        { clock, deadline, phases },
        progress,
      );
      expectReply(spec, dialect.finished, timeline);
    } finally {
      facts.status = progress.status;
      if (progress.timeline !== null) facts.llm = progress.timeline.facts();
    }
  });
  const used = progress.timeline?.usage ?? undefined;
  return {
    result,
    usage: progress.billable ? used : null,
    retryAfterMs: result.reason === 'rate-limited' ? retryAfterMs(progress.retryAfter, clock.now()) : 0,
  };
}

function expectReply(
  spec: Pick<LlmGenerationSpec, 'expectText' | 'expectModel' | 'maxTokens'>,
  finished: ReadonlySet<string>,
  { finishReason, text, model, hasToken }: Timeline,
): void {
  if (finishReason !== null && !finished.has(finishReason)) {
    throw new ProbeFailure('finish-reason', `the reply ended with ${finishReason}`);
  }
  if (text.trim() === '') {
    const fix = `it used up ${spec.maxTokens} tokens: raise maxTokens, or turn reasoning off by parameters`;
    throw new ProbeFailure('empty-reply', hasToken ? `only reasoning (${finishReason}); ${fix}` : 'the reply is empty');
  }
  if (!new RegExp(spec.expectText).test(text)) {
    const seen = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
    throw new ProbeFailure('text', `the reply ${seen} does not match /${spec.expectText}/`);
  }
  if (model === null || !new RegExp(spec.expectModel).test(model)) {
    throw new ProbeFailure('model', `answered by model ${model ?? 'without a name'}, expected /${spec.expectModel}/`);
  }
}

/** Takes a credential, and the token within it, out of what a provider echoes. */
function concealing(header: string | undefined): (text: string) => string {
  const secrets = header === undefined ? [] : [header, header.replace(/^(Bearer|Basic) /, '')];
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
