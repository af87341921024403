import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Answer, type DecodedPacket, decode, encode, type Packet } from 'dns-packet';

/** What the server makes of a question: an answer, bytes of its own, or silence. */
export type Answering = (question: DecodedPacket, by: 'udp' | 'tcp', bytes: Buffer) => Partial<Packet> | Buffer | null;

export interface DnsServer extends AsyncDisposable {
  port: number;
  /** How each question came. */
  asked: ('udp' | 'tcp')[];
}

/** A name server on one port of loopback, by UDP and TCP. Flags hold the code of the answer in their last four bits. */
export async function startDns(answering: Answering): Promise<DnsServer> {
  const asked: DnsServer['asked'] = [];
  const answer = (bytes: Buffer, by: 'udp' | 'tcp'): Buffer | null => {
    asked.push(by);
    const question = decode(bytes);
    const said = answering(question, by, bytes);
    if (said === null || Buffer.isBuffer(said)) return said;
    return encode({ type: 'response', id: question.id ?? 0, questions: question.questions ?? [], ...said });
  };
  const tcp: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const said = answer(chunk.subarray(2), 'tcp');
      if (said === null) return void socket.end();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(said.length);
      // In two pieces, as a network may.
      socket.write(Buffer.concat([length, said.subarray(0, 5)]));
      setTimeout(() => socket.end(said.subarray(5)), 5);
    });
  });
  for (;;) {
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp4');
    const bound = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false));
      udp.bind(port, '127.0.0.1', () => resolve(true));
    });
    if (!bound) {
      await new Promise((resolve) => tcp.close(resolve));
      continue;
    }
    udp.on('message', (bytes, from) => {
      const said = answer(bytes, 'udp');
      if (said !== null) udp.send(said, from.port, from.address);
    });
    return {
      port,
      asked,
      async [Symbol.asyncDispose]() {
        udp.close();
        await new Promise((resolve) => tcp.close(resolve));
      },
    };
  }
}

/** Addresses of `shop.test`. */
export function addresses(...list: string[]): Answer[] {
  return list.map((data) => ({ type: 'A', name: 'shop.test', ttl: 60, data }));
}
