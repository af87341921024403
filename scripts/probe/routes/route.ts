import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProbeRunner } from '../../../probes/runner.ts';
import type { Reloader } from '../reload/reloader.ts';
import type { HeartbeatReceiver } from './heartbeat.ts';
import type { OnDemand } from './probe.ts';
import type { StatusContext } from './status.ts';

/** What the pages of the prober are made from. A route takes what it needs and is left out where that is missing. */
export interface RouteContext {
  runner: Pick<ProbeRunner, 'registry' | 'own' | 'results'>;
  /** For `POST /-/reload`. */
  reloader?: Reloader;
  /** For heartbeats that others send. */
  heartbeats?: HeartbeatReceiver;
  /** For probing on demand. */
  onDemand?: OnDemand;
  /** For the status pages. */
  status?: StatusContext;
}

/** One page of the prober's server. */
export interface Route {
  methods: readonly string[];
  /** The whole path, or with a slash at its end all paths below it. */
  path: string;
  /** Answers without credentials; for liveness checks alone. */
  open?: boolean;
  /** May throw: the client then gets a bare 500, and the error goes to the log. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void;
}

/** The methods of a page to look at. */
export const READ: readonly string[] = ['GET', 'HEAD'];
