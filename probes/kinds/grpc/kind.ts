import type { GrpcProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import { requestHeaders } from '../../http/headers.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeReason } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';
import { grpcAddressProblem, isEncrypted } from './address.ts';
import { callUnary, type GrpcEnd } from './call.ts';
import { decodeHealthResponse, encodeHealthRequest } from './health.ts';
import { grpcLayout } from './series.ts';

const PATH = '/grpc.health.v1.Health/Check';

/** One call of gRPC's health protocol on a fresh HTTP/2 connection. */
export const grpcKind: ProbeKind<GrpcProbeSpec> = {
  create: (context, target) => ({ run: (options) => runGrpc(context, target, options) }),
  addressProblem: grpcAddressProblem,
  layout: grpcLayout,
};

function runGrpc(context: ProbeContext, target: ProbeTarget<GrpcProbeSpec>, options: ProbeOptions) {
  const { spec } = target;
  const phases = { resolve: 0, connect: 0, tls: 0, check: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const url = new URL(target.url);
    const secure = isEncrypted(url);
    const { accept, ...headers } = requestHeaders({ headers: {}, body: null }, target.auth, context.readSecret);
    const tls = secure ? { ...tlsOptions(context, target), alpn: ['h2'] } : null;
    const socket = await context.connect({ ...hostAndPort(url, secure ? 443 : 80), tls }, { deadline, phases, facts });
    const startMs = context.clock.monotonicMs();
    try {
      const end = await callUnary(
        {
          socket,
          origin: `${secure ? 'https' : 'http'}://${url.host}`,
          path: PATH,
          // The server need not work for an answer that nobody waits for.
          headers: { ...headers, 'grpc-timeout': `${Math.ceil(spec.timeoutMs)}m` },
          message: encodeHealthRequest(spec.service),
          bodyLimitBytes: options.bodyLimitBytes,
        },
        deadline,
      );
      facts.grpc = end.status === null ? {} : { status: end.status };
      expectOk(end, spec.service);
      facts.grpc.serving = decodeHealthResponse(end.body);
      if (facts.grpc.serving !== 'SERVING') {
        throw new ProbeFailure('not-ready', `${nameOf(spec.service)} is ${facts.grpc.serving}`);
      }
    } catch (error) {
      throw toProbeFailure(error);
    } finally {
      phases.check = (context.clock.monotonicMs() - startMs) / 1_000;
      socket.destroy();
    }
  });
}

/** Names of the statuses, by number: https://grpc.io/docs/guides/status-codes/ */
const STATUS_NAMES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** Statuses that mean more than that the call failed. */
const REASON_BY_STATUS: Readonly<Record<string, ProbeReason>> = {
  DEADLINE_EXCEEDED: 'timeout',
  PERMISSION_DENIED: 'auth',
  UNAUTHENTICATED: 'auth',
  RESOURCE_EXHAUSTED: 'saturated',
  UNAVAILABLE: 'not-ready',
};

function expectOk({ httpStatus, contentType, status, statusMessage }: GrpcEnd, service: string): void {
  if (status === null) {
    if (httpStatus !== 200) throw new ProbeFailure('status', `HTTP status ${httpStatus}, expected 200`);
    const what = contentType.startsWith('application/grpc')
      ? 'no grpc-status'
      : `content type ${contentType || 'none'}`;
    throw new ProbeFailure('protocol', `the answer is not gRPC: ${what}`);
  }
  if (status === 0) return;
  const name = STATUS_NAMES[status] ?? String(status);
  const meaning =
    name === 'UNIMPLEMENTED'
      ? 'the server has no health service'
      : name === 'NOT_FOUND'
        ? `the server does not know ${nameOf(service)}`
        : statusMessage.slice(0, 200);
  throw new ProbeFailure(REASON_BY_STATUS[name] ?? 'status', `${name}${meaning === '' ? '' : `: ${meaning}`}`);
}

function nameOf(service: string): string {
  return service === '' ? 'the server' : service;
}
