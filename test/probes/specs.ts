import type {
  DnsProbeSpec,
  GrpcProbeSpec,
  HeartbeatProbeSpec,
  PostgresProbeSpec,
  PrometheusCheck,
  PrometheusProbeSpec,
  RedisProbeSpec,
} from '../../thresholds/model.ts';
import { TIMING } from './support.ts';

/** A redis probe that a PONG satisfies. */
export function redisSpec(change: Partial<RedisProbeSpec> = {}): RedisProbeSpec {
  return { ...TIMING, kind: 'redis', command: ['PING'], expect: '^PONG$', info: null, ...change };
}

/** A postgres probe that `SELECT 1` satisfies. */
export function postgresSpec(change: Partial<PostgresProbeSpec> = {}): PostgresProbeSpec {
  return {
    ...TIMING,
    kind: 'postgres',
    user: null,
    database: null,
    sslmode: 'disable',
    query: 'SELECT 1',
    expectValue: '^1$',
    expectRows: { min: 0, max: null },
    role: null,
    ...change,
  };
}

/** A dns probe that one address satisfies. */
export function dnsSpec(change: Partial<DnsProbeSpec> = {}): DnsProbeSpec {
  return {
    ...TIMING,
    kind: 'dns',
    name: 'shop.test',
    type: 'A',
    server: null,
    transport: 'udp',
    recursion: true,
    expect: { rcode: 'NOERROR', minAnswers: 1, answers: [], noAnswers: [] },
    ...change,
  };
}

/** A grpc probe that a server that serves satisfies. */
export function grpcSpec(change: Partial<GrpcProbeSpec> = {}): GrpcProbeSpec {
  return { ...TIMING, kind: 'grpc', service: '', ...change };
}

/** A prometheus probe of one check. */
export function prometheusSpec(check: PrometheusCheck, change: Partial<PrometheusProbeSpec> = {}): PrometheusProbeSpec {
  return { ...TIMING, kind: 'prometheus', pathPrefix: '', check, ...change };
}

/** A heartbeat expected every minute. */
export function heartbeatSpec(change: Partial<HeartbeatProbeSpec> = {}): HeartbeatProbeSpec {
  return {
    ...TIMING,
    kind: 'heartbeat',
    withinMs: 60_000,
    graceMs: 0,
    finishWithinMs: null,
    token: { variable: 'TOKEN' },
    ...change,
  };
}
