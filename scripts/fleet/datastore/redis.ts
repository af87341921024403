import type { Effects } from '../effects.ts';
import type { Reply } from './datastore.ts';

const VERSION = '7.4.0';
const NO_PASSWORD =
  '-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n';
const MAX_COMMAND_BYTES = 65_536;

/** Answers the commands of redis that health checks send, inline or as arrays of bulk strings (RESP 2). */
export function answerRedis(received: Buffer, { saturated }: Pick<Effects, 'saturated'>): Reply | null {
  const text = received.toString('latin1');
  if (text.length > MAX_COMMAND_BYTES) return { read: text.length, send: '-ERR too big inline request\r\n', end: true };
  const command = text.startsWith('*') ? readArray(text) : readInline(text);
  if (command === null) return null;
  // A redis without a free connection says so at once, and ends it.
  if (saturated) return { read: text.length, send: '-ERR max number of clients reached\r\n', end: true };
  return { read: command.read, ...answer(command.words) };
}

function answer([name = '', ...args]: string[]): Omit<Reply, 'read'> {
  switch (name.toUpperCase()) {
    case '':
      return { send: '' };
    case 'PING':
      return { send: args[0] === undefined ? '+PONG\r\n' : bulk(args[0]), query: true };
    case 'ECHO':
      return { send: bulk(args[0] ?? ''), query: true };
    case 'SELECT':
    case 'CLIENT':
      return { send: '+OK\r\n' };
    case 'INFO':
      return { send: bulk(`# Server\r\nredis_version:${VERSION}\r\nrole:master\r\nloading:0\r\n`) };
    case 'QUIT':
      return { send: '+OK\r\n', end: true };
    case 'AUTH':
      return { send: NO_PASSWORD };
    default:
      return { send: `-ERR unknown command '${name}', with args beginning with: \r\n` };
  }
}

function readInline(text: string): { words: string[]; read: number } | null {
  const end = text.indexOf('\n');
  if (end === -1) return null;
  return { words: text.slice(0, end).trim().split(/\s+/), read: end + 1 };
}

function readArray(text: string): { words: string[]; read: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return null;
  const words: string[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const length = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (length === null) return null;
    const from = at + length[0].length;
    const to = from + Number(length[1]);
    if (text.length < to + 2) return null;
    words.push(text.slice(from, to));
    at = to + 2;
  }
  return { words, read: at };
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
