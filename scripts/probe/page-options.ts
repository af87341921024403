import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { Clock } from '../../probes/clock.ts';
import type { Lookup } from '../../probes/connect.ts';
import { createRemoteWrite } from '../../probes/delivery/remote-write.ts';
import { openSpool } from '../../probes/delivery/spool.ts';
import { type AllowedTarget, adHocGuard, parseAllowedTarget } from '../../probes/guard/guard.ts';
import { createMemoryStore, type StateStore } from '../../probes/state/store.ts';
import { systemContext, systemLookup } from '../../probes/system-context.ts';
import { parseBytes } from '../../thresholds/units.ts';
import { HarnessError } from '../process/harness-error.ts';
import { UsageError } from '../usage-error.ts';
import { parseAccess, parseCredential, requireSafeListen } from './access.ts';
import type { Guard } from './listener.ts';
import { noRefusedRequests, type OnDemand } from './routes/probe.ts';
import { parseListen } from './serve.ts';

/** How the results leave the prober, and who may see them. */
export interface PageOptions {
  listen: string;
  auth?: string;
  allowUnauthenticated?: boolean;
  allowTarget?: AllowedTarget[];
  remoteWrite?: string;
  remoteWriteAuth?: string;
  remoteWriteHeader?: Record<string, string>;
  nativeHistograms?: boolean;
  traceparent?: boolean;
  spool?: string;
  spoolLimit: number;
}

/** Adds the options of {@link PageOptions}. */
export function withPageOptions(command: Command): Command {
  return command
    .option('--listen <address>', 'where the pages are served: /metrics, /probe and more', '127.0.0.1:0')
    .option('--auth <reference>', 'credentials for all pages but /-/healthy: bearer=file:PATH, basic:USER=env:NAME')
    .option('--allow-unauthenticated', 'listen on a network without --auth')
    .option(
      '--allow-target <entry>',
      'what /probe may reach beside the catalogue: host, *.domain, host:port or address block; may be given several times',
      allowedTarget,
    )
    .option('--remote-write <url>', 'push the results into this Prometheus: http://host:9090/api/v1/write')
    .option('--remote-write-auth <reference>', 'credentials for it, in the form of --auth')
    .option(
      '--remote-write-header <name:value>',
      'sent with it, such as X-Scope-OrgID:team-a; may be given several times',
      header,
    )
    .option('--native-histograms', 'push durations as native histograms as well')
    .option('--traceparent', 'each http probe begins a trace; its id is the exemplar of its duration on /metrics')
    .option('--spool <folder>', 'keep samples there while the receiver is away; they outlive a restart')
    .option('--spool-limit <size>', 'most bytes of the spool; the oldest samples go first', bytes, 1024 ** 3);
}

/**
 * The guard of the pages.
 * @throws UsageError for a wrong --auth or --listen, and for pages that would be open to a network.
 */
export function accessOf(
  { listen, auth, allowUnauthenticated = false }: PageOptions,
  env: Readonly<Record<string, string | undefined>>,
): Guard {
  const guard = auth === undefined ? null : parseAccess(auth, env, (path) => readFileSync(path, 'utf8'));
  requireSafeListen(parseListen(listen).host, { guarded: guard !== null, allowed: allowUnauthenticated });
  return guard ?? (() => null);
}

/**
 * The sink for the samples; undefined when nothing is pushed.
 * @throws UsageError for options that need --remote-write, HarnessError for a spool that cannot be used.
 */
export async function openSink(
  { remoteWrite, remoteWriteAuth, remoteWriteHeader, spool, spoolLimit, nativeHistograms = false }: PageOptions,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<ReturnType<typeof createRemoteWrite> | undefined> {
  if (remoteWrite === undefined) {
    const given = {
      '--spool': spool,
      '--native-histograms': nativeHistograms || undefined,
      '--remote-write-auth': remoteWriteAuth,
      '--remote-write-header': remoteWriteHeader,
    };
    const option = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
    if (option === undefined) return undefined;
    throw new UsageError(`${option} has no effect without --remote-write`, 'add --remote-write, or take it away');
  }
  const url = URL.parse(remoteWrite);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(`--remote-write ${remoteWrite} is no URL`, 'give one such as http://host:9090/api/v1/write');
  }
  const credential =
    remoteWriteAuth === undefined
      ? null
      : parseCredential('--remote-write-auth', remoteWriteAuth, env, (path) => readFileSync(path, 'utf8'));
  const headers = () => ({
    ...remoteWriteHeader,
    ...(credential !== null && { authorization: `${credential.scheme} ${credential.read()}` }),
  });
  const queue = spool === undefined ? {} : { queue: await spoolIn(spool, spoolLimit) };
  return createRemoteWrite({ url: remoteWrite, clock, headers, nativeHistograms, ...queue });
}

/** What /probe may do: catalogue targets as the catalogue says, and what --allow-target names without any secret at hand. */
export function onDemandOf(
  { allowTarget = [] }: PageOptions,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
  lookup: Lookup = systemLookup,
  state: StateStore = createMemoryStore(),
): OnDemand {
  const untrusted = systemContext(clock, {}, lookup, createMemoryStore(), adHocGuard(allowTarget));
  return {
    clock,
    trusted: systemContext(clock, env, lookup, state),
    allowed: allowTarget,
    untrusted,
    refused: noRefusedRequests(),
  };
}

function spoolIn(dir: string, limitBytes: number) {
  return openSpool({ dir, limitBytes }).catch((error: Error) => {
    throw new HarnessError(`cannot use the spool ${dir}`, {
      reason: error.message,
      hint: 'give --spool a folder that this user may write to, one for each prober',
      cause: error,
    });
  });
}

function allowedTarget(text: string, earlier: AllowedTarget[] = []): AllowedTarget[] {
  try {
    return [...earlier, parseAllowedTarget(text)];
  } catch {
    throw new InvalidArgumentError('Write a host, *.domain, host:port, or an address block such as 10.1.0.0/16.');
  }
}

function header(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([ -~]+)$/.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('Write a name and a value, such as X-Scope-OrgID:team-a.');
  if (name.toLowerCase() === 'authorization')
    throw new InvalidArgumentError('Credentials belong in --remote-write-auth: a command line is seen by everyone.');
  return { ...earlier, [name.toLowerCase()]: value };
}

function bytes(text: string): number {
  try {
    return parseBytes(text);
  } catch {
    throw new InvalidArgumentError('Write a size such as 500MB or 1GiB.');
  }
}
