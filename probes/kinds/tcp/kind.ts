import type { Socket } from 'node:net';
import type { TcpProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { tcpLayout } from './series.ts';

/** A TCP connection; where the catalogue says so, a text sent and an answer that a regular expression must match. */
export const tcpKind: ProbeKind<TcpProbeSpec> = {
  create: (context, target) => ({ run: (options) => runTcp(context, target, options) }),
  addressProblem: ({ protocol, port }) =>
    protocol === 'tcp:' && port === '' ? 'but a tcp probe needs a port: tcp://host:port' : undefined,
  layout: tcpLayout,
};

function runTcp(context: ProbeContext, target: ProbeTarget<TcpProbeSpec>, options: ProbeOptions) {
  const { send, expectText } = target.spec;
  const phases = { resolve: 0, connect: 0, exchange: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const url = new URL(target.url);
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const connecting = { resolve: 0, connect: 0, tls: 0 };
    let socket: Socket;
    try {
      socket = await context.connect({ hostname, port, tls: null }, { deadline, phases: connecting, facts });
    } finally {
      phases.resolve = connecting.resolve;
      phases.connect = connecting.connect;
    }
    const startMs = context.clock.monotonicMs();
    try {
      if (send !== null) await write(socket, deadline, send);
      if (expectText !== null) await readUntil(socket, deadline, new RegExp(expectText), options.bodyLimitBytes);
    } catch (error) {
      throw toProbeFailure(error);
    } finally {
      phases.exchange = (context.clock.monotonicMs() - startMs) / 1_000;
      socket.destroy();
    }
  });
}

function write(socket: Socket, deadline: Deadline, text: string): Promise<void> {
  return deadline.stage('sending', (done, fail) => {
    socket.write(text, (error) => (error ? fail(error) : done()));
    return () => socket.destroy();
  });
}

function readUntil(socket: Socket, deadline: Deadline, pattern: RegExp, limitBytes: number): Promise<void> {
  return deadline.stage(`waiting for /${pattern.source}/`, (done, fail) => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (pattern.test(received)) done();
      else if (received.length > limitBytes) {
        fail(new ProbeFailure('body-too-large', `${limitBytes} characters without /${pattern.source}/`));
      }
    });
    socket.once('error', fail);
    socket.once('end', () => fail(mismatch(received, pattern)));
    return () => socket.destroy();
  });
}

function mismatch(received: string, pattern: RegExp): ProbeFailure {
  const seen = received === '' ? 'nothing' : JSON.stringify(received.slice(0, 120));
  return new ProbeFailure('text', `got ${seen}, then the end, without /${pattern.source}/`);
}
