import { isIP } from 'node:net';

/**
 * The bytes of an address, 4 or 16; undefined for what is none. A zone (`%eth0`) is left out.
 */
export function addressBytes(address: string): Uint8Array | undefined {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return undefined;
  return family === 4 ? Uint8Array.from(bare.split('.'), Number) : ipv6Bytes(bare);
}

function ipv6Bytes(address: string): Uint8Array {
  // A dotted end, as in ::ffff:127.0.0.1, stands for two groups.
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const hex = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16);
    return `${hex(a, b)}:${hex(c, d)}`;
  });
  const [left = '', right] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const all = [...head, ...new Array(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((group: number) => [group >> 8, group & 0xff]));
}

/** Where an IPv6 address carries an IPv4 address that a gateway, tunnel or the system itself connects to. */
const CARRIERS: readonly { prefix: readonly number[]; at: number; inverted?: boolean }[] = [
  // IPv4-mapped, ::ffff:0:0/96 (RFC 4291).
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], at: 12 },
  // IPv4-translated, ::ffff:0:0:0/96 (RFC 2765).
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], at: 12 },
  // IPv4-compatible, ::/96 (RFC 4291, deprecated).
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 },
  // NAT64, 64:ff9b::/96 (RFC 6052).
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 },
  // 6to4, 2002::/16 (RFC 3056).
  { prefix: [0x20, 0x02], at: 2 },
  // Teredo, 2001::/32 (RFC 4380): the client's address, inverted.
  { prefix: [0x20, 0x01, 0, 0], at: 12, inverted: true },
];

/** The IPv4 addresses that an IPv6 address carries, in bytes. */
export function carriedAddresses(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length !== 16) return [];
  const found = CARRIERS.filter(({ prefix }) => prefix.every((byte, index) => bytes[index] === byte)).map(
    ({ at, inverted = false }) => bytes.slice(at, at + 4).map((byte) => (inverted ? 0xff - byte : byte)),
  );
  // ISATAP: ::5efe:a.b.c.d as the interface part of any prefix (RFC 5214).
  if (bytes[10] === 0x5e && bytes[11] === 0xfe) found.push(bytes.slice(12));
  return found;
}

/** A block of addresses in CIDR notation. */
export interface Cidr {
  bytes: Uint8Array;
  bits: number;
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; undefined for what is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const bytes = addressBytes(match?.[1] ?? '');
  if (bytes === undefined) return undefined;
  const bits = match?.[2] === undefined ? bytes.length * 8 : Number(match[2]);
  return bits <= bytes.length * 8 ? { bytes, bits } : undefined;
}

/** Whether an address lies in a block; never across the two families. */
export function contains({ bytes: block, bits }: Cidr, address: Uint8Array): boolean {
  if (block.length !== address.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i += 1) if (block[i] !== address[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((block[whole] ?? 0) ^ (address[whole] ?? 0)) >> (8 - rest) === 0;
}
