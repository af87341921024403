import { brotliDecompress, gunzip, inflate, type ZlibOptions, zstdDecompress } from 'node:zlib';
import type { Deadline } from '../deadline.ts';
import { ProbeFailure } from '../failure.ts';

type Decoder = (
  body: Buffer,
  options: Pick<ZlibOptions, 'maxOutputLength'>,
  callback: (error: Error | null, decoded: Buffer) => void,
) => void;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
  zstd: zstdDecompress,
};

/**
 * The body as it was before its content encodings (RFC 9110 8.4), off the event loop and never longer than the limit.
 * @param encodings value of Content-Encoding, the first applied first.
 * @throws ProbeFailure: encoding, body-too-large, timeout.
 */
export async function decodeBody(
  body: Buffer,
  encodings: string,
  deadline: Deadline,
  limitBytes: number,
): Promise<Buffer> {
  // An answer to HEAD names the encoding of a body that it does not have.
  if (body.length === 0) return body;
  let decoded = body;
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    const name = encoding.trim();
    if (name === '' || name === 'identity') continue;
    const decoder = DECODERS[name];
    if (decoder === undefined) throw new ProbeFailure('encoding', `content encoding ${name} is not understood`);
    decoded = await decodeOnce(decoder, name, decoded, deadline, limitBytes);
  }
  return decoded;
}

function decodeOnce(decoder: Decoder, name: string, body: Buffer, deadline: Deadline, limitBytes: number) {
  return deadline.stage<Buffer>('decoding the body', (done, fail) => {
    decoder(body, { maxOutputLength: limitBytes }, (error, decoded) => {
      if (error === null) return done(decoded);
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') {
        fail(new ProbeFailure('body-too-large', `body of more than ${limitBytes} bytes when decoded`));
      } else fail(new ProbeFailure('encoding', `body is no valid ${name} (${code})`, { cause: error }));
    });
    return () => {};
  });
}
