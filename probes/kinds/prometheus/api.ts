import { z } from 'zod';
import { ProbeFailure } from '../../failure.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import type { ProbeReason } from '../../result.ts';
import type { PrometheusFacts } from './facts.ts';

/** What errors of the API mean: https://prometheus.io/docs/prometheus/latest/querying/api/ */
const REASON_BY_ERROR: Readonly<Record<string, ProbeReason>> = {
  // The expression is wrong, whatever the server does.
  bad_data: 'misconfigured',
  timeout: 'timeout',
  canceled: 'timeout',
  unavailable: 'not-ready',
};

const envelope = z.object({
  status: z.enum(['success', 'error']),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
  data: z.unknown().optional(),
});

/**
 * The data of an answer of the API; its warnings go to the facts.
 * @throws ProbeFailure auth, status, not-ready, not-json, query, timeout, misconfigured.
 */
export function readAnswer<Shape extends z.ZodType>(
  { message, text }: HttpAnswer,
  shape: Shape,
  facts: PrometheusFacts,
): z.output<Shape> {
  const { statusCode: status = 0, headers } = message;
  if (status === 401 || status === 403) throw new ProbeFailure('auth', `HTTP status ${status}`);
  const contentType = headers['content-type'] ?? 'none';
  if (!contentType.startsWith('application/json')) {
    // As it starts and as it ends, the server answers so in plain text.
    if (status === 503) throw new ProbeFailure('not-ready', `HTTP status 503: ${text.slice(0, 80).trim()}`);
    if (status !== 200) throw new ProbeFailure('status', `HTTP status ${status}, expected 200`);
    throw new ProbeFailure('not-json', `content type ${contentType}, expected application/json: is this Prometheus?`);
  }
  const answer = envelope.safeParse(parseJson(text));
  if (!answer.success) throw new ProbeFailure('not-json', 'the answer has no "status": is this Prometheus?');
  const { status: verdict, errorType = '', error = '', warnings = [], infos = [], data } = answer.data;
  facts.warnings.push(...warnings, ...infos);
  if (verdict === 'error') {
    throw new ProbeFailure(REASON_BY_ERROR[errorType] ?? 'query', `${errorType || 'error'}: ${error.slice(0, 300)}`);
  }
  const result = shape.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ProbeFailure(
    'not-json',
    `the answer is not as its API says: data.${issue?.path.join('.')}: ${issue?.message}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProbeFailure('not-json', `the answer is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
