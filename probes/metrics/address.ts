import { isIPv4 } from 'node:net';
import { PROBE_METRIC } from '../../thresholds/names.ts';
import { gauge } from './series.ts';

/** A change shows that the target moved; the address itself is nobody's business. */
export const addressHash = gauge(
  { name: PROBE_METRIC.ipAddrHash, type: 'gauge', help: 'Hash of the address that was connected to.' },
  ({ result }) => (result.facts.ipAddress === undefined ? undefined : hashAddress(result.facts.ipAddress)),
);

/** FNV-1a, 32 bits, over the bytes of an address, as blackbox_exporter computes it (prober/utils.go, ipHash). */
export function hashAddress(address: string): number {
  let hash = 0x811c9dc5;
  for (const byte of isIPv4(address) ? address.split('.').map(Number) : bytesOfIPv6(address)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

function bytesOfIPv6(address: string): number[] {
  // The URL parser turns an embedded IPv4 address into groups; a zone is no part of the address.
  const [before = '', after] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const head = groups(before);
  const tail = groups(after ?? '');
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]);
}
