import { addressBytes, type Cidr, carriedAddresses, contains, parseCidr } from './address.ts';
import { type AddressClass, classifyAddress } from './ranges.ts';

/** One connection that a probe is about to open. */
export interface Destination {
  /** As asked for: a name or an address. */
  hostname: string;
  port: number;
  /** What it resolved to; the connection goes there and nowhere else. */
  address: string;
  /** The address that answered with a redirect to here; null for the first connection of a run. */
  redirectedFrom: string | null;
}

/** Says why a probe may not connect, as the end of a sentence; null when it may. */
export type DestinationGuard = (destination: Destination) => string | null;

/** Addresses remembered, so that the same targets are not classified at every run. */
const KEPT = 4_096;

/**
 * The guard for targets of the catalogue: whoever wrote it may name private addresses, but no metadata service, and nothing that is
 * no single host. A redirect may not lead from a public address into a private network.
 */
export function catalogueGuard(): DestinationGuard {
  const classify = remembering(classifyAddress);
  return ({ address, redirectedFrom }) => {
    const to = classify(address);
    if (to.kind === 'forbidden') return denied(address, to.what);
    if (to.kind === 'private' && redirectedFrom !== null && classify(redirectedFrom).kind === 'public') {
      return `${denied(address, to.what)}, and a public address redirected there`;
    }
    return null;
  };
}

/** An entry of the list of what may be probed on demand. */
export type AllowedTarget =
  /** `example.com`, `*.example.com`; with a port, only that one. */
  { host: string; port: number | null } | { block: Cidr };

/**
 * Reads an entry: a host name, `*.domain`, either with `:port`, or a block such as `10.1.0.0/16`.
 * @throws RangeError
 */
export function parseAllowedTarget(text: string): AllowedTarget {
  const block = parseCidr(text.replace(/^\[|\]$/g, ''));
  if (block !== undefined) return { block };
  const match = /^(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(\d{1,5}))?$/i.exec(text);
  if (match === null || /^[\d.]+$/.test(match[2] ?? '')) {
    throw new RangeError(`${JSON.stringify(text)} is no host, *.domain, host:port or address block`);
  }
  const host = `${match[1] ?? ''}${match[2] ?? ''}`.toLowerCase();
  return { host, port: match[3] === undefined ? null : Number(match[3]) };
}

/**
 * The guard for targets that anyone may ask for: the host must be on the list by its name, or its address in a block of the list; private
 * addresses must be in such a block even when the name is on the list. Holds for each hop of a redirect.
 */
export function adHocGuard(allowed: readonly AllowedTarget[]): DestinationGuard {
  const classify = remembering(classifyAddress);
  const blocks = blocksOf(allowed);
  return ({ hostname, port, address }) => {
    const to = classify(address);
    if (to.kind === 'forbidden') return denied(address, to.what);
    if (!isListed(allowed, hostname, port)) return 'is not on the list of what may be probed';
    if (to.kind === 'private' && !isInBlocks(blocks, address)) return denied(address, to.what);
    return null;
  };
}

/** Whether a host is on the list by its name, or as an address by a block: known before anything is resolved. */
export function isListed(allowed: readonly AllowedTarget[], hostname: string, port: number): boolean {
  return (
    allowed.some((entry) => 'host' in entry && matchesHost(entry, hostname, port)) ||
    isInBlocks(blocksOf(allowed), hostname)
  );
}

function blocksOf(allowed: readonly AllowedTarget[]): Cidr[] {
  return allowed.flatMap((entry) => ('block' in entry ? [entry.block] : []));
}

function denied(address: string, what: string): string {
  return `has the address ${address}, which is ${what}`;
}

function isInBlocks(blocks: readonly Cidr[], address: string): boolean {
  const own = addressBytes(address);
  if (own === undefined) return false;
  // A block of IPv4 addresses vouches for the same addresses carried in IPv6.
  return [own, ...carriedAddresses(own)].some((bytes) => blocks.some((block) => contains(block, bytes)));
}

function matchesHost({ host, port }: { host: string; port: number | null }, hostname: string, asked: number): boolean {
  if (port !== null && port !== asked) return false;
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) && name.length > host.length - 1 : name === host;
}

function remembering(classify: (address: string) => AddressClass): (address: string) => AddressClass {
  const known = new Map<string, AddressClass>();
  return (address) => {
    let found = known.get(address);
    if (found === undefined) {
      found = classify(address);
      if (known.size >= KEPT) known.clear();
      known.set(address, found);
    }
    return found;
  };
}
