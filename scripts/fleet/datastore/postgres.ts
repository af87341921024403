import type { Effects } from '../effects.ts';
import type { Protocol, Reply } from './datastore.ts';
import { answerSql, errorResponse, message } from './postgres-sql.ts';

/** Request codes of the start-up phase (PostgreSQL protocol 3.0, "Message Formats"). */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const MAX_MESSAGE_BYTES = 65_536;

/**
 * One conversation with PostgreSQL, as far as a health check goes: no encryption, a login that needs no password, and the queries that
 * need no tables.
 */
export function postgresConversation(): Protocol {
  let started = false;
  return (received, effects) => {
    if (started) return answerMessage(received);
    const reply = answerStart(received, effects);
    started = reply?.login === true;
    return reply;
  };
}

function answerStart(received: Buffer, { saturated }: Pick<Effects, 'saturated'>): Reply | null {
  if (received.length < 4) return null;
  const length = received.readUInt32BE(0);
  if (length < 8 || length > MAX_MESSAGE_BYTES)
    return refuse(received.length, '08P01', 'invalid length of startup packet');
  if (received.length < length) return null;
  const code = received.readUInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { read: length, send: 'N' };
  if (saturated) return refuse(length, '53300', 'sorry, too many clients already');
  return { read: length, send: WELCOME, login: true };
}

function refuse(read: number, code: string, text: string): Reply {
  return { read, send: errorResponse('FATAL', code, text), end: true };
}

function answerMessage(received: Buffer): Reply | null {
  if (received.length < 5) return null;
  const length = received.readUInt32BE(1) + 1;
  if (length < 5 || length > MAX_MESSAGE_BYTES) return refuse(received.length, '08P01', 'invalid message length');
  if (received.length < length) return null;
  switch (String.fromCharCode(received[0] ?? 0)) {
    case 'X':
      return { read: length, send: '', end: true };
    case 'Q':
      return { read: length, send: answerSql(received.toString('utf8', 5, length - 1)), query: true };
    default:
      return refuse(length, '0A000', 'only the simple query protocol is simulated');
  }
}

/** AuthenticationOk, two parameters, BackendKeyData, and ReadyForQuery outside of a transaction. */
const WELCOME = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', Buffer.from('server_version\x0016.4\0')),
  message('S', Buffer.from('client_encoding\0UTF8\0')),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
]);
