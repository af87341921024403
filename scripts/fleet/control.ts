import type { FleetOptions } from './fleet-types.ts';

/** What can be asked of a fleet in another process: the functions of `Fleet` by name. */
export const OPERATIONS = ['inject', 'clear', 'startBackground', 'stopBackground', 'stats', 'stop'] as const;

export type Operation = (typeof OPERATIONS)[number];

/** A message to the fleet's process; the first one starts it. */
export type Order =
  | { kind: 'start'; options: FleetOptions }
  | { kind: 'call'; id: number; operation: Operation; args: unknown[] };

/** A message from the fleet's process. */
export type Report =
  | { kind: 'ready'; addresses: [string, string][]; caFile: string | null }
  | { kind: 'not-started'; problem: Problem }
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; problem: Problem };

/** An error as it crosses the border between processes. */
export interface Problem {
  message: string;
  reason: string;
  hint?: string | undefined;
}
