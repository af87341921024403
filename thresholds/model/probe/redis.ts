import type { ProbeBase } from './base.ts';

export interface RedisProbeSpec extends ProbeBase {
  kind: 'redis';
  /** The command and its arguments. */
  command: string[];
  /** Regular expression for the answer; a list is compared with one item a line. Null for any answer but an error. */
  expect: string | null;
  /** What INFO must say; null when it is not asked for. */
  info: {
    role: 'master' | 'replica' | null;
    /** Least version, such as `7.2`. */
    minVersion: string | null;
    /** A replica must be connected with its master. */
    replicating: boolean;
  } | null;
}
