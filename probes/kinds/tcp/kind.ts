import type { TcpProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort } from '../../endpoint.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import { requireRefusal } from '../../refusal.ts';
import type { ProbeTarget } from '../../target.ts';
import { openDialogue } from './dialogue.ts';
import { tcpLayout } from './series.ts';

/** A TCP connection; where the catalogue says so, turns of a text sent and an answer awaited; or a port that must refuse. */
export const tcpKind: ProbeKind<TcpProbeSpec> = {
  create: (context, target) => ({ run: (options) => runTcp(context, target, options) }),
  addressProblem: ({ protocol, port }) =>
    protocol === 'tcp:' && port === '' ? 'but a tcp probe needs a port: tcp://host:port' : undefined,
  layout: tcpLayout,
};

function runTcp(context: ProbeContext, target: ProbeTarget<TcpProbeSpec>, options: ProbeOptions) {
  const { dialogue, mustRefuse } = target.spec;
  const phases = { resolve: 0, connect: 0, exchange: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const url = new URL(target.url);
    const endpoint = { ...hostAndPort(url, url.protocol === 'https:' ? 443 : 80), tls: null };
    const connecting = { resolve: 0, connect: 0, tls: 0 };
    const run = { deadline, phases: connecting, facts };
    try {
      if (mustRefuse) return await requireRefusal(context.connect, endpoint, run);
      const socket = await context.connect(endpoint, run);
      const startMs = context.clock.monotonicMs();
      try {
        const talk = openDialogue(socket, deadline, options.bodyLimitBytes);
        for (const [index, turn] of dialogue.entries()) {
          await talk(turn).catch((error) => {
            throw dialogue.length === 1 ? error : ofTurn(error, index, dialogue.length);
          });
        }
      } catch (error) {
        throw toProbeFailure(error);
      } finally {
        phases.exchange = (context.clock.monotonicMs() - startMs) / 1_000;
        socket.destroy();
      }
    } finally {
      phases.resolve = connecting.resolve;
      phases.connect = connecting.connect;
    }
  });
}

function ofTurn(error: unknown, index: number, count: number): unknown {
  const failure = toProbeFailure(error);
  return new ProbeFailure(failure.reason, `turn ${index + 1} of ${count}: ${failure.message}`, { cause: failure });
}
