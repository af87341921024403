/** An answer of redis in RESP 2: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export type RespReply =
  | { type: 'text'; text: string }
  | { type: 'error'; text: string }
  | { type: 'null' }
  | { type: 'array'; items: RespReply[] };

/** A command as redis wants it: an array of bulk strings. */
export function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/**
 * Reads one reply from the start of what was received.
 * @returns the reply and where it ends; null until it is whole.
 * @throws SyntaxError when these bytes cannot be RESP.
 */
export function decodeReply(received: Buffer, at = 0, depth = 0): { reply: RespReply; end: number } | null {
  const lineEnd = received.indexOf('\r\n', at);
  if (lineEnd === -1) {
    if (at < received.length && !'+-:$*'.includes(String.fromCharCode(received[at] ?? 0))) throw notResp(received, at);
    return null;
  }
  const line = received.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(received[at] ?? 0)) {
    case '+':
    case ':':
      return { reply: { type: 'text', text: line }, end };
    case '-':
      return { reply: { type: 'error', text: line }, end };
    case '$': {
      const length = lengthOf(line);
      if (length === -1) return { reply: { type: 'null' }, end };
      if (received.length < end + length + 2) return null;
      return { reply: { type: 'text', text: received.toString('utf8', end, end + length) }, end: end + length + 2 };
    }
    case '*':
      return depth < MAX_DEPTH ? decodeItems(received, lengthOf(line), end, depth + 1) : fail(received, at);
    default:
      return fail(received, at);
  }
}

/** No command of redis answers with arrays nested as deep. */
const MAX_DEPTH = 16;

function decodeItems(received: Buffer, count: number, from: number, depth: number) {
  const items: RespReply[] = [];
  if (count === -1) return { reply: { type: 'null' as const }, end: from };
  let at = from;
  while (items.length < count) {
    const item = decodeReply(received, at, depth);
    if (item === null) return null;
    items.push(item.reply);
    at = item.end;
  }
  return { reply: { type: 'array' as const, items }, end: at };
}

function lengthOf(line: string): number {
  if (!/^(-1|\d{1,9})$/.test(line)) throw new SyntaxError(`${JSON.stringify(line.slice(0, 40))} is no length in RESP`);
  return Number(line);
}

function fail(received: Buffer, at: number): never {
  throw notResp(received, at);
}

function notResp(received: Buffer, at: number): SyntaxError {
  return new SyntaxError(`${JSON.stringify(received.toString('latin1', at, at + 40))} is not RESP, which redis speaks`);
}
