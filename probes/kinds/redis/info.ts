import type { RedisProbeSpec } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';

type InfoExpectation = NonNullable<RedisProbeSpec['info']>;

/**
 * Compares what INFO said with what was promised.
 * @throws ProbeFailure: `not-ready` while it loads or has lost its master, `role`, `value` for an old version.
 */
export function expectInfo(text: string, { role, minVersion, replicating }: InfoExpectation): void {
  const info = parseInfo(text);
  const loading = info.get('loading');
  if (loading !== undefined && loading !== '0') throw new ProbeFailure('not-ready', 'it is loading its data');
  // redis writes "slave" in INFO, and people "replica".
  const seenRole = (info.get('role') ?? 'nothing').replace('slave', 'replica');
  if (role !== null && seenRole !== role) throw new ProbeFailure('role', `its role is ${seenRole}, expected ${role}`);
  const version = info.get('redis_version') ?? '';
  if (minVersion !== null && !isAtLeast(version, minVersion)) {
    throw new ProbeFailure('value', `version ${version || 'unknown'}, expected at least ${minVersion}`);
  }
  const link = info.get('master_link_status') ?? 'absent';
  if (replicating && link !== 'up') throw new ProbeFailure('not-ready', `master_link_status is ${link}, expected up`);
}

function parseInfo(text: string): Map<string, string> {
  const rows = text.split(/\r?\n/).map((line) => /^([a-z0-9_]+):(.*)$/.exec(line));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row[1] ?? '', row[2] ?? '']])));
}

function isAtLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (Number.isNaN(difference)) return false;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
