import type { Reply } from './datastore.ts';

/** Request codes of the start-up phase (PostgreSQL protocol 3.0, "Message Formats"). */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const MAX_MESSAGE_BYTES = 65_536;

/**
 * Answers the start of a PostgreSQL conversation: `N` (no encryption) to an SSLRequest, which is what health checks send, and
 * an error of the server's own to a start-up message, since there is no database behind it.
 */
export function answerPostgres(received: Buffer): Reply | null {
  if (received.length < 4) return null;
  const length = received.readUInt32BE(0);
  if (length < 8 || length > MAX_MESSAGE_BYTES) return { read: received.length, send: error(), end: true };
  if (received.length < length) return null;
  const code = received.readUInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { read: length, send: 'N' };
  return { read: length, send: error(), end: true };
}

/** ErrorResponse 57P03, "the database system is not accepting connections". */
function error(): Buffer {
  const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is not accepting connections\0\0';
  const message = Buffer.alloc(5 + fields.length);
  message.write('E', 0);
  message.writeUInt32BE(4 + fields.length, 1);
  message.write(fields, 5);
  return message;
}
