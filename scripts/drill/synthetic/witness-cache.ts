import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRule, WitnessResult } from '../../../monitoring/audit/witness/types.ts';
import { packageVersion } from '../../version.ts';

/** Results of an older search are not taken for those of a newer one. */
const FORMAT = 1;

/** What an earlier search found for these rules, with the same version of promtool and of firedrill. */
export function readWitnesses(
  cacheDir: string | null,
  promtoolVersion: string,
  rules: readonly AlertRule[],
): Map<AlertRule, WitnessResult> {
  const found = new Map<AlertRule, WitnessResult>();
  if (cacheDir === null) return found;
  for (const rule of rules) {
    try {
      const text = readFileSync(join(cacheDir, `${keyOf(rule, promtoolVersion)}.json`), 'utf8');
      found.set(rule, JSON.parse(text) as WitnessResult);
    } catch {
      // Not there, or not whole: it is searched for again.
    }
  }
  return found;
}

/** Keeps what a search found; what it gave up is searched for again. A folder that cannot be written only costs time. */
export function writeWitnesses(
  cacheDir: string | null,
  promtoolVersion: string,
  results: ReadonlyMap<AlertRule, WitnessResult>,
): void {
  if (cacheDir === null) return;
  try {
    mkdirSync(cacheDir, { recursive: true });
    for (const [rule, result] of results) {
      if (result.outcome !== 'found') continue;
      const file = join(cacheDir, `${keyOf(rule, promtoolVersion)}.json`);
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
      renameSync(`${file}.${process.pid}`, file);
    }
  } catch {
    // The next drill searches again.
  }
}

function keyOf(rule: AlertRule, promtoolVersion: string): string {
  const { alert, expr, forMs, keepFiringForMs, groupIntervalMs, labels, annotations } = rule;
  const parts = [alert, expr, forMs, keepFiringForMs, groupIntervalMs, labels, annotations];
  const text = JSON.stringify([FORMAT, packageVersion(), promtoolVersion, ...parts]);
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
