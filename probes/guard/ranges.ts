import { addressBytes, type Cidr, carriedAddresses, contains, parseCidr } from './address.ts';

/**
 * What an address stands for, as far as it matters to where a probe may go. `forbidden`: never, whoever asks. `private`: only where somebody
 * vouched for it. `public`: the rest.
 */
export type AddressClass = { kind: 'forbidden' | 'private'; what: string } | { kind: 'public' };

type Table = readonly (readonly [what: string, ...blocks: string[]])[];

/**
 * Addresses that give away credentials of the machine, or are no single host. The metadata services: AWS, Azure, Google and most others
 * on 169.254.169.254; AWS fd00:ec2::/32, Google fd20:ce::254, Alibaba 100.100.100.200, Oracle 192.0.0.192, Azure 168.63.129.16.
 */
const FORBIDDEN: Table = [
  [
    'a metadata service',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    'fd00:ec2::/32',
    'fd20:ce::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
  ],
  ['link-local', '169.254.0.0/16', 'fe80::/10'],
  ['unspecified', '0.0.0.0/8', '::'],
  ['broadcast', '255.255.255.255'],
  ['multicast', '224.0.0.0/4', 'ff00::/8'],
];

/** Loopback, private networks, and what IANA's special-purpose registries keep from being global. */
const PRIVATE: Table = [
  ['loopback', '127.0.0.0/8', '::1'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'],
  ['shared with a carrier', '100.64.0.0/10'],
  ['for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  ['for benchmarks', '198.18.0.0/15', '2001:2::/48'],
  ['reserved', '192.0.0.0/24', '192.88.99.0/24', '240.0.0.0/4', '100::/64', '64:ff9b:1::/48', '5f00::/16'],
];

const parse = (table: Table): [string, Cidr[]][] =>
  table.map(([what, ...blocks]) => [what, blocks.map(parseCidr).filter((block) => block !== undefined)]);
const FORBIDDEN_BLOCKS = parse(FORBIDDEN);
const PRIVATE_BLOCKS = parse(PRIVATE);

/**
 * The class of an address: the worst of its own and of the IPv4 addresses that it carries. What is no address at all is forbidden.
 */
export function classifyAddress(address: string): AddressClass {
  const own = addressBytes(address);
  if (own === undefined) return { kind: 'forbidden', what: 'no address' };
  const all = [own, ...carriedAddresses(own)];
  for (const [kind, blocks] of [
    ['forbidden', FORBIDDEN_BLOCKS],
    ['private', PRIVATE_BLOCKS],
  ] as const) {
    for (const bytes of all) {
      // ::1 and :: look like carriers of 0.0.0.1 and 0.0.0.0; what they are themselves says it.
      if (bytes !== own && isLoopbackOrNone(own)) continue;
      const found = blocks.find(([, cidrs]) => cidrs.some((block) => contains(block, bytes)));
      if (found !== undefined) return { kind, what: found[0] };
    }
  }
  return { kind: 'public' };
}

function isLoopbackOrNone(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes.every((byte, index) => (index === 15 ? byte <= 1 : byte === 0));
}
