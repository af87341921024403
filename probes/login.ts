import type { Auth } from '../thresholds/model.ts';
import type { ProbeContext } from './context.ts';
import { ProbeFailure } from './failure.ts';

/** Who logs in, for protocols with a login of their own. */
export interface Login {
  /** Null where the protocol has a default user. */
  username: string | null;
  password: string;
}

/**
 * The login of a target, its secret read now; null without one.
 * @throws ProbeFailure `misconfigured` when it cannot be read: the target is not to blame.
 */
export function readLogin(auth: Auth | null, { readSecret }: Pick<ProbeContext, 'readSecret'>): Login | null {
  if (auth === null) return null;
  try {
    if (auth.kind === 'basic') return { username: auth.username, password: readSecret(auth.password) };
    return { username: null, password: readSecret(auth.kind === 'bearer' ? auth.token : auth.value) };
  } catch (error) {
    throw new ProbeFailure('misconfigured', (error as Error).message, { cause: error });
  }
}
