import type { PostgresProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { readLogin } from '../../login.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { postgresLayout } from './series.ts';
import { type PostgresAnswer, startSession } from './session.ts';
import { requestTls } from './ssl-request.ts';

const DEFAULT_PORT = 5432;

/** One query of PostgreSQL on a fresh connection, after TLS and login. */
export const postgresKind: ProbeKind<PostgresProbeSpec> = {
  create: (context, target) => ({ run: (options) => runPostgres(context, target, options) }),
  addressProblem: ({ protocol }) =>
    ['tcp:', 'postgres:', 'postgresql:'].includes(protocol)
      ? undefined
      : 'but its postgres probe needs postgres:// or tcp://host:port',
  layout: postgresLayout,
};

function runPostgres(context: ProbeContext, target: ProbeTarget<PostgresProbeSpec>, options: ProbeOptions) {
  const { spec } = target;
  const phases = { resolve: 0, connect: 0, tls: 0, authenticate: 0, query: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const login = readLogin(target.auth, context);
    const user = spec.user ?? login?.username ?? 'postgres';
    const socket = await context.connect(
      { ...hostAndPort(new URL(target.url), DEFAULT_PORT), tls: encryption(context, target) },
      { deadline, phases, facts },
    );
    const session = startSession(socket, deadline, {
      user,
      database: spec.database ?? user,
      password: login?.password ?? null,
    });
    const timed = async <T>(phase: 'authenticate' | 'query', work: Promise<T>): Promise<T> => {
      const startMs = context.clock.monotonicMs();
      return await work.finally(() => {
        phases[phase] += (context.clock.monotonicMs() - startMs) / 1_000;
      });
    };
    try {
      await timed('authenticate', session.login());
      if (spec.role !== null) {
        const { first } = await timed('query', session.ask(IN_RECOVERY, options.bodyLimitBytes));
        expectRole(first, spec.role);
      }
      const answer = await timed('query', session.ask(guarded(spec), options.bodyLimitBytes));
      facts.rows = answer.rows;
      expectAnswer(spec, answer);
    } finally {
      session.close();
    }
  });
}

const IN_RECOVERY = 'SELECT pg_is_in_recovery()';

function encryption(context: ProbeContext, target: ProbeTarget<PostgresProbeSpec>) {
  if (target.spec.sslmode === 'disable') return null;
  const options = tlsOptions(context, target);
  const insecure = options.insecure || target.spec.sslmode === 'require';
  return { ...options, insecure, alpn: ['postgresql'], prelude: requestTls };
}

/**
 * The query, in one round trip with what keeps it harmless: it cannot write, and the server ends it when nobody waits for it any more.
 * Otherwise a query that hangs would run once more at every interval.
 */
function guarded({ query, timeoutMs }: PostgresProbeSpec): string {
  return `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}; ${query}`;
}

function expectRole(inRecovery: string | null | undefined, role: 'primary' | 'standby'): void {
  const seen = inRecovery === 't' ? 'standby' : 'primary';
  if (seen === role) return;
  const state = seen === 'standby' ? 'in recovery' : 'not in recovery';
  throw new ProbeFailure('role', `it is ${state}, so a ${seen}; expected a ${role}`);
}

function expectAnswer({ expectValue, expectRows: { min, max } }: PostgresProbeSpec, { first, rows }: PostgresAnswer) {
  if (rows < min || (max !== null && rows > max)) {
    const expected = max === null ? `at least ${min}` : `${min} to ${max}`;
    throw new ProbeFailure(rows === 0 ? 'empty' : 'value', `${rows} rows, expected ${expected}`);
  }
  if (expectValue === null) return;
  if (first === undefined) throw new ProbeFailure('empty', `no row, expected a value that matches /${expectValue}/`);
  if (new RegExp(expectValue).test(first ?? '')) return;
  const seen = first === null ? 'NULL' : JSON.stringify(first.slice(0, 120));
  throw new ProbeFailure('text', `the first value is ${seen}, which does not match /${expectValue}/`);
}
