import type { TlsProbeSpec } from '../../../thresholds/model.ts';
import { certificateMismatch } from '../../certificate.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { tlsLayout } from './series.ts';
import { START_TLS } from './start-tls.ts';

/**
 * A TLS handshake and what it shows: the certificate, verified and long enough valid, and the protocol version. Always a full
 * handshake, no session is resumed; what the certificate says is known even when it does not verify.
 */
export const tlsKind: ProbeKind<TlsProbeSpec> = {
  create: (context, target) => ({ run: (options) => runTls(context, target, options) }),
  addressProblem: ({ protocol, port }) =>
    port === '' && protocol !== 'https:' && protocol !== 'wss:'
      ? 'but a tls probe needs a port: tls://host:port'
      : undefined,
  layout: tlsLayout,
};

function runTls(context: ProbeContext, target: ProbeTarget<TlsProbeSpec>, options: ProbeOptions) {
  const { startTls, serverName, minVersion, certificate } = target.spec;
  const phases = { resolve: 0, connect: 0, tls: 0 };
  return measureRun(context, target, options, phases, async (run) => {
    const socket = await context.connect(
      {
        ...hostAndPort(new URL(target.url), 443),
        tls: {
          ...tlsOptions(context, target),
          describe: true,
          alpn: [],
          serverName: serverName ?? undefined,
          ...(startTls !== null && { prelude: START_TLS[startTls] }),
        },
      },
      run,
    );
    // In order, so that servers do not log a handshake broken off.
    socket.end(() => socket.destroy());
    const { tlsVersion = '' } = run.facts;
    // `TLSv1` to `TLSv1.3` sort as they are.
    if (minVersion !== null && tlsVersion < `TLSv${minVersion}`) {
      throw new ProbeFailure('tls-version', `the server speaks ${tlsVersion}, at least TLSv${minVersion} is promised`);
    }
    const mismatch = certificateMismatch(certificate, run.facts, context.clock.now());
    if (mismatch !== undefined) throw mismatch;
  });
}
