import { expect, test } from 'vitest';
import { hashAddress } from '../../../probes/metrics/address.ts';

// Computed by FNV-1a over the bytes that Python's ipaddress gives.
test.each([
  ['127.0.0.1', 3668918509],
  ['10.0.0.255', 575665582],
  ['::1', 1751717746],
  ['2001:db8::ff00:42:8329', 1432727906],
  ['2001:0db8:0:0:0:ff00:42:8329', 1432727906],
  ['fe80::1%eth0', 3766760168],
])('the hash of %s is the one that blackbox_exporter gives', (address, hash) => {
  expect(hashAddress(address)).toBe(hash);
});
