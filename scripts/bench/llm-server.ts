import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineMs } from './machine-clock.ts';

/** A stream that is asked for, by its name in the request's path: `/17`. Milliseconds. */
export interface StreamPlan {
  name: string;
  firstTokenMs: number;
  gapsMs: number[];
}

/** What the server did, on the clock of the machine. Milliseconds. */
export interface StreamRecord {
  name: string;
  receivedMs: number;
  /** Just before each token was handed to the kernel. */
  sentMs: number[];
}

/** Sent by the server: once when it listens, once when it knows what is asked for, and at the end of each stream. */
export type LlmServerReport = { port: number } | { planned: number } | StreamRecord;

const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n';
const TOKEN = frame(event({ content: 'word ' }));

// A process of its own, forked by the benchmark: sockets without a library, so that a token leaves at the time that is written down.
const plans = new Map<string, StreamPlan>();
process.on('message', (more: StreamPlan[]) => {
  for (const plan of more) plans.set(plan.name, plan);
  report({ planned: more.length });
});
process.once('disconnect', () => process.exit(0));
const server = createServer({ noDelay: true }, (socket) => {
  let received = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const receivedMs = machineMs();
    received += chunk.toString('latin1');
    const head = received.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    const plan = plans.get(/^POST \/(\S+)/.exec(received)?.[1] ?? '');
    if (head < 0 || received.length < head + 4 + length || plan === undefined) return;
    plans.delete(plan.name);
    tell(socket, plan, receivedMs).catch(() => socket.destroy());
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) report({ port: address.port });
});

async function tell(socket: Socket, { name, firstTokenMs, gapsMs }: StreamPlan, receivedMs: number): Promise<void> {
  const sentMs: number[] = [];
  socket.write(HEAD + frame(event({ role: 'assistant', content: '' })));
  for (const pauseMs of [firstTokenMs, ...gapsMs]) {
    await sleep(pauseMs);
    sentMs.push(machineMs());
    socket.write(TOKEN);
  }
  await sleep(5);
  const usage = { prompt_tokens: 9, completion_tokens: sentMs.length };
  const end = `${event({}, 'stop')}data: ${JSON.stringify({ model: 'bench', choices: [], usage })}\n\ndata: [DONE]\n\n`;
  socket.end(`${frame(end)}0\r\n\r\n`);
  report({ name, receivedMs, sentMs });
}

function event(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench' };
  return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
}

function frame(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function report(message: LlmServerReport): void {
  process.send?.(message);
}
