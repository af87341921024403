import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../process/harness-error.ts';
import type { ManagedProcess } from '../process/managed.ts';
import type { ProcessScope } from '../process/scope.ts';
import type { ResolvedTool } from '../tools/tool.ts';
import { writeFiles } from './prometheus.ts';
import type { Labels } from './prometheus-api.ts';
import { READY_DEADLINE_MS, startServer } from './server.ts';

export interface AlertmanagerOptions {
  readonly scope: ProcessScope;
  /** The `alertmanager` of the tool resolver. */
  readonly tool: ResolvedTool;
  /** Its own folder under the run folder. Data of an earlier start are removed: they would suppress notifications. */
  readonly dir: string;
  /** alertmanager.yml. Paths in it (templates) are relative to `dir`. */
  readonly config: string;
  /** Further files by name relative to `dir`, such as templates. */
  readonly files?: Readonly<Record<string, string>>;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly readyDeadlineMs?: number;
}

/** An alert that Alertmanager holds. */
export interface HeldAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly receivers: readonly string[];
  readonly state: 'active' | 'suppressed' | 'unprocessed';
  /** Fingerprints of the alerts that inhibit it. */
  readonly inhibitedBy: readonly string[];
  readonly silencedBy: readonly string[];
}

/** A running Alertmanager of this run. */
export interface Alertmanager {
  readonly url: string;
  readonly dir: string;
  readonly process: ManagedProcess;
  /** Alerts that it holds now, suppressed ones included. */
  alerts(): Promise<HeldAlert[]>;
  /** Writes a new configuration; {@link Alertmanager.reload} makes it use it. */
  writeConfig(config: string): Promise<void>;
  /** Rejects with a HarnessError that says what is wrong with the new configuration; the old one then stays in use. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

const CONFIG = 'alertmanager.yml';
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Starts a single Alertmanager on loopback, without clustering (gossip would delay notifications), and resolves when it
 * is ready.
 * @throws HarnessError with what Alertmanager says is wrong, the tail of its log, and the path of its configuration.
 */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  const { scope, tool, dir } = options;
  await rm(join(dir, 'data'), { recursive: true, force: true });
  await writeFiles(dir, { [CONFIG]: options.config, ...options.files });
  const { url, process, reload } = await startServer({
    scope,
    name: 'Alertmanager',
    program: tool.path,
    dir,
    configFile: join(dir, CONFIG),
    readyDeadlineMs: options.readyDeadlineMs ?? READY_DEADLINE_MS,
    args: [
      `--config.file=${CONFIG}`,
      '--storage.path=data',
      `--web.listen-address=127.0.0.1:${options.port ?? 0}`,
      '--cluster.listen-address=',
    ],
  });
  return {
    url,
    dir,
    process,
    reload,
    alerts: () => heldAlerts(url),
    writeConfig: (config) => writeFiles(dir, { [CONFIG]: config }),
    stop: async () => void (await process.stop()),
  };
}

interface RawAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: Pick<HeldAlert, 'state' | 'inhibitedBy' | 'silencedBy'>;
}

async function heldAlerts(url: string): Promise<HeldAlert[]> {
  const address = `${url}/api/v2/alerts`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    const alerts = (await response.json()) as RawAlert[];
    return alerts.map(({ labels, annotations, startsAt, endsAt, fingerprint, receivers, status }) => {
      const names = receivers.map(({ name }) => name);
      const { state, inhibitedBy, silencedBy } = status;
      return { labels, annotations, startsAt, endsAt, fingerprint, receivers: names, state, inhibitedBy, silencedBy };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HarnessError('Alertmanager did not answer', { reason: `${address}: ${reason}`, cause: error });
  }
}
