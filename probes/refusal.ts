import type { Connector, ConnectPhases, Endpoint } from './connect.ts';
import type { Deadline } from './deadline.ts';
import { ProbeFailure } from './failure.ts';
import type { ProbeFacts } from './result.ts';

/**
 * For a port that must be closed: succeeds when the connection is refused. Silence is no refusal: a network that is away would look
 * the same.
 * @throws ProbeFailure `accepted` when it was taken, or whatever else went wrong.
 */
export async function requireRefusal(
  connect: Connector,
  endpoint: Endpoint,
  run: { deadline: Deadline; phases: ConnectPhases; facts: ProbeFacts },
): Promise<void> {
  try {
    const socket = await connect({ ...endpoint, tls: null }, run);
    socket.destroy();
  } catch (error) {
    if (error instanceof ProbeFailure && error.reason === 'refused') return;
    throw error;
  }
  throw new ProbeFailure('accepted', `port ${endpoint.port} took a connection that it must refuse`);
}
