import { randomInt } from 'node:crypto';
import type { DnsProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort } from '../../endpoint.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun, type Run } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { askTcp, askUdp } from './exchange.ts';
import { type DnsAnswer, decodeAnswer, encodeQuestion } from './message.ts';
import { dnsLayout } from './series.ts';

const DEFAULT_PORT = 53;

/** One question to a name server, by UDP, and by TCP where the answer is truncated. */
export const dnsKind: ProbeKind<DnsProbeSpec> = {
  create: (context, target) => ({ run: (options) => runDns(context, target, options) }),
  // Any address will do: its host is the name to ask for, and the server is another.
  addressProblem: () => undefined,
  layout: dnsLayout,
};

type DnsPhase = 'resolve' | 'connect' | 'request';

function runDns(context: ProbeContext, target: ProbeTarget<DnsProbeSpec>, options: ProbeOptions) {
  const { spec } = target;
  const phases = { resolve: 0, connect: 0, request: 0 };
  return measureRun(context, target, options, phases, async (run) => {
    const url = new URL(target.url);
    const name = spec.name ?? hostAndPort(url, DEFAULT_PORT).hostname;
    const server = serverOf(spec, url, context.nameServers());
    const answer = await ask(context, spec, name, server, run);
    run.facts.dns = { ...answer.sections, ...(answer.serial !== undefined && { serial: answer.serial }) };
    expectAnswer(spec, answer);
  });
}

function serverOf({ server }: DnsProbeSpec, url: URL, nameServers: readonly string[]) {
  if (server === null && url.protocol === 'dns:') return hostAndPort(url, DEFAULT_PORT);
  const [first] = server === null ? nameServers : [server];
  if (first === undefined)
    throw new ProbeFailure('misconfigured', 'the system has no name server, and server: is not set');
  // A bare IPv6 address, as the system lists them, is no host of a URL.
  const host = first.includes('::') && !first.startsWith('[') ? `[${first}]` : first;
  return hostAndPort(new URL(`dns://${host}`), DEFAULT_PORT);
}

async function ask(
  context: ProbeContext,
  spec: DnsProbeSpec,
  name: string,
  server: { hostname: string; port: number },
  run: Run<DnsPhase>,
): Promise<DnsAnswer> {
  const { deadline, phases, facts } = run;
  const id = randomInt(0x1_0000);
  const question = encodeQuestion(id, name, spec);
  const read = (message: Buffer) => decodeAnswer(message, id, name, spec.type);
  const timed = async <T>(work: Promise<T>): Promise<T> => {
    const startMs = context.clock.monotonicMs();
    try {
      return await work;
    } catch (error) {
      throw toProbeFailure(error);
    } finally {
      phases.request += (context.clock.monotonicMs() - startMs) / 1_000;
    }
  };
  if (spec.transport === 'udp') {
    const { address, family } = await context.locate(server, { deadline, phases, facts });
    const answer = await timed(askUdp({ address, family, port: server.port }, question, deadline, read));
    if (!answer.truncated) return answer;
  }
  const connecting = { resolve: 0, connect: 0, tls: 0 };
  const socket = await context
    .connect({ ...server, tls: null }, { deadline, phases: connecting, facts })
    .finally(() => {
      phases.resolve += connecting.resolve;
      phases.connect += connecting.connect;
    });
  return await timed(askTcp(socket, question, deadline, read)).finally(() => socket.destroy());
}

function expectAnswer({ type, expect }: DnsProbeSpec, { rcode, records }: DnsAnswer): void {
  if (rcode !== expect.rcode) throw new ProbeFailure('rcode', `answered ${rcode}, expected ${expect.rcode}`);
  if (records.length < expect.minAnswers) {
    const seen = records.length === 0 ? 'no' : String(records.length);
    throw new ProbeFailure(
      records.length === 0 ? 'empty' : 'value',
      `${seen} ${type} records, expected at least ${expect.minAnswers}`,
    );
  }
  const seen = () => records.join(', ').slice(0, 120) || 'nothing';
  for (const pattern of expect.answers) {
    const regex = new RegExp(pattern);
    if (!records.some((record) => regex.test(record))) {
      throw new ProbeFailure('text', `answered ${seen()}: no record matches /${pattern}/`);
    }
  }
  for (const pattern of expect.noAnswers) {
    const regex = new RegExp(pattern);
    const unwanted = records.find((record) => regex.test(record));
    if (unwanted !== undefined) throw new ProbeFailure('text', `answered ${unwanted}, which matches /${pattern}/`);
  }
}
