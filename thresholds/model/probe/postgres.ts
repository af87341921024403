import type { ProbeBase } from './base.ts';

export interface PostgresProbeSpec extends ProbeBase {
  kind: 'postgres';
  /** Null for the user of the service's `auth`, or `postgres`. */
  user: string | null;
  /** Null for the database of the user's name. */
  database: string | null;
  /** `require` encrypts without verifying; `verify-full` verifies chain and name. */
  sslmode: 'disable' | 'require' | 'verify-full';
  /** Runs in a read-only transaction. */
  query: string;
  /** Regular expression for the first value of the first row; null for any. */
  expectValue: string | null;
  /** Fewest and most rows. */
  expectRows: { min: number; max: number | null };
  /** Null where both will do. */
  role: 'primary' | 'standby' | null;
}
