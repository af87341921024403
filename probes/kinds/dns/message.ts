import { type Answer, AUTHENTIC_DATA, type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { DnsProbeSpec, DnsType } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';

/** An answer, as far as it is judged. */
export interface DnsAnswer {
  rcode: string;
  truncated: boolean;
  /** Records of the type that was asked for, as a zone file writes them. */
  records: string[];
  sections: { answers: number; authorities: number; additionals: number };
  /** Serial number in an SOA of the answer. */
  serial: number | undefined;
}

/** Size of an answer by UDP that passes every network unfragmented (DNS Flag Day 2020). */
const UDP_PAYLOAD_BYTES = 1_232;

/** A question on the wire, with EDNS. */
export function encodeQuestion(
  id: number,
  name: string,
  { type, recursion }: Pick<DnsProbeSpec, 'type' | 'recursion'>,
): Buffer {
  return encode({
    type: 'query',
    id,
    flags: (recursion ? RECURSION_DESIRED : 0) | AUTHENTIC_DATA,
    questions: [{ type, name, class: 'IN' }],
    additionals: [
      { type: 'OPT', name: '.', udpPayloadSize: UDP_PAYLOAD_BYTES, flags: 0, options: [] } as unknown as Answer,
    ],
  });
}

/**
 * Reads an answer.
 * @returns null when it answers another question: a late or forged one.
 * @throws ProbeFailure `protocol` when it is none.
 */
export function decodeAnswer(bytes: Buffer, id: number, name: string, type: DnsType): DnsAnswer | null {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== id || (bytes.readUInt8(2) & 0x80) === 0) return null;
  const packet = parse(bytes);
  const [question] = packet.questions ?? [];
  if (question !== undefined && (question.type !== type || normal(question.name) !== normal(name))) return null;
  const answers = packet.answers ?? [];
  return {
    rcode: rcodeOf(packet),
    truncated: packet.flag_tc,
    records: answers.filter((answer) => answer.type === type).map(textOf),
    sections: {
      answers: answers.length,
      authorities: packet.authorities?.length ?? 0,
      additionals: packet.additionals?.length ?? 0,
    },
    serial: answers.flatMap((answer) => (answer.type === 'SOA' ? [answer.data.serial ?? 0] : []))[0],
  };
}

function parse(bytes: Buffer): DecodedPacket {
  try {
    return decode(bytes);
  } catch (error) {
    throw new ProbeFailure('protocol', `cannot read the answer: ${(error as Error).message}`, { cause: error });
  }
}

function rcodeOf(packet: DecodedPacket): string {
  return (packet as DecodedPacket & { rcode?: string }).rcode ?? 'NOERROR';
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** A record as a zone file writes it, without name, class and time to live. */
function textOf(answer: Answer): string {
  switch (answer.type) {
    case 'MX':
      return `${answer.data.preference ?? 0} ${answer.data.exchange}`;
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${answer.data.target}`;
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} ${answer.data.value}`;
    case 'TXT':
      // A text of several strings is one text cut to the length of a string.
      return [answer.data].flat().join('');
    default:
      return String((answer as { data?: unknown }).data ?? '');
  }
}
