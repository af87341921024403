import type { RedisProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeKind } from '../../kind.ts';
import { readLogin } from '../../login.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeReason } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';
import { type Conversation, converse } from './conversation.ts';
import { expectInfo } from './info.ts';
import type { RespReply } from './resp.ts';
import { redisLayout } from './series.ts';

const DEFAULT_PORT = 6379;

/**
 * One command of redis on a fresh connection, after a login where there is one; then what INFO must say. Spoken by hand: a probe sends
 * three commands of a protocol of five sorts of answers, on a connection whose phases and address it must own, while the clients bring
 * reconnection, queues and timers that a probe would have to switch off one by one.
 */
export const redisKind: ProbeKind<RedisProbeSpec> = {
  create: (context, target) => ({ run: (options) => runRedis(context, target, options) }),
  addressProblem: ({ protocol }) =>
    ['tcp:', 'redis:', 'rediss:'].includes(protocol)
      ? undefined
      : 'but its redis probe needs redis://, rediss:// or tcp://host:port',
  layout: redisLayout,
};

function runRedis(context: ProbeContext, target: ProbeTarget<RedisProbeSpec>, options: ProbeOptions) {
  const { spec } = target;
  const phases = { resolve: 0, connect: 0, tls: 0, authenticate: 0, command: 0, info: 0 };
  return measureRun(context, target, options, phases, async ({ deadline, phases, facts }) => {
    const url = new URL(target.url);
    const login = readLogin(target.auth, context);
    const tls = url.protocol === 'rediss:' ? { ...tlsOptions(context, target), alpn: [] } : null;
    const socket = await context.connect({ ...hostAndPort(url, DEFAULT_PORT), tls }, { deadline, phases, facts });
    const conversation = converse(socket, deadline, options.bodyLimitBytes);
    const timed = async (phase: 'authenticate' | 'command' | 'info', work: () => Promise<void>) => {
      const startMs = context.clock.monotonicMs();
      try {
        await work();
      } catch (error) {
        throw toProbeFailure(error);
      } finally {
        phases[phase] = (context.clock.monotonicMs() - startMs) / 1_000;
      }
    };
    try {
      if (login !== null) {
        const names = login.username === null ? [] : [login.username];
        await timed('authenticate', async () => {
          await ask(conversation, ['AUTH', ...names, login.password]);
        });
      }
      await timed('command', async () => expectReply(await ask(conversation, spec.command), spec.expect));
      const { info } = spec;
      if (info !== null) await timed('info', async () => expectInfo(textOf(await ask(conversation, ['INFO'])), info));
    } finally {
      socket.destroy();
    }
  });
}

/** Sends a command; an error for an answer is a failure, by the word that it begins with. */
async function ask(conversation: Conversation, words: readonly string[]): Promise<RespReply> {
  const reply = await conversation.ask(words);
  if (reply.type !== 'error') return reply;
  throw new ProbeFailure(reasonOf(reply.text), `${words[0]}: ${reply.text.slice(0, 200)}`);
}

function reasonOf(error: string): ProbeReason {
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b|^ERR (invalid password|AUTH |Client sent AUTH)/.test(error)) return 'auth';
  if (/^ERR max number of clients/.test(error)) return 'saturated';
  if (/^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY)\b/.test(error)) return 'not-ready';
  return 'query';
}

function expectReply(reply: RespReply, pattern: string | null): void {
  if (pattern === null) return;
  const text = textOf(reply);
  if (new RegExp(pattern).test(text)) return;
  throw new ProbeFailure('text', `answered ${JSON.stringify(text.slice(0, 120))}, which does not match /${pattern}/`);
}

/** The answer as a text: a list with an item a line, nothing for null. */
function textOf(reply: RespReply): string {
  if (reply.type === 'array') return reply.items.map(textOf).join('\n');
  return reply.type === 'null' ? '' : reply.text;
}
