import protobuf from 'protobufjs/minimal.js';
import { ProbeFailure } from '../../failure.ts';
import { SERVING_STATUSES, type ServingStatus } from './facts.ts';

/** Flag (0: not compressed) and length before each message: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
const PREFIX_BYTES = 5;

/** `HealthCheckRequest` with its prefix. */
export function encodeHealthRequest(service: string): Buffer {
  // Field 1 of type string: tag 1 << 3 | 2.
  const message = service === '' ? new Uint8Array() : protobuf.Writer.create().uint32(10).string(service).finish();
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * The status in a `HealthCheckResponse` with its prefix.
 * @throws ProbeFailure `protocol` when the body is none.
 */
export function decodeHealthResponse(body: Buffer): ServingStatus {
  const length = body.length < PREFIX_BYTES ? -1 : body.readUInt32BE(1);
  if (length === -1 || body.length < PREFIX_BYTES + length) {
    throw new ProbeFailure('protocol', `a body of ${body.length} bytes holds no whole message`);
  }
  if (body[0] !== 0) throw new ProbeFailure('protocol', 'the message is compressed, which was not offered');
  try {
    const reader = protobuf.Reader.create(body.subarray(PREFIX_BYTES, PREFIX_BYTES + length));
    let status = 0;
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      // Field 1 of type enum: tag 1 << 3 | 0.
      if (tag === 8) status = reader.int32();
      else reader.skipType(tag & 7);
    }
    return SERVING_STATUSES[status] ?? 'UNKNOWN';
  } catch (error) {
    throw new ProbeFailure('protocol', `no HealthCheckResponse: ${(error as Error).message}`, { cause: error });
  }
}
