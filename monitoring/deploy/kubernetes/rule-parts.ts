import { parse } from 'yaml';
import type { RuleFile } from '../../rules.ts';

/** `kubectl apply` repeats a resource in an annotation, which may hold 256 KiB. */
const PART_BYTES = 200_000;

/** The rules in parts that one resource each can hold. A group stays whole: its rules are evaluated in their order. */
export function ruleParts(rulesText: string, limitBytes = PART_BYTES): RuleFile[] {
  const parts: RuleFile[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const group of (parse(rulesText) as RuleFile).groups) {
    const size = Buffer.byteLength(JSON.stringify(group));
    if (bytes + size > limitBytes) {
      parts.push({ groups: [] });
      bytes = 0;
    }
    parts.at(-1)?.groups.push(group);
    bytes += size;
  }
  return parts;
}
