import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ManagedProcess } from '../process/managed.ts';
import type { ProcessScope } from '../process/scope.ts';
import type { ResolvedTool } from '../tools/tool.ts';
import { type TargetGroup, writeTargets } from './file-targets.ts';
import { PrometheusClient } from './prometheus-client.ts';
import { READY_DEADLINE_MS, startServer } from './server.ts';

export interface PrometheusOptions {
  readonly scope: ProcessScope;
  /** The `prometheus` of the tool resolver. */
  readonly tool: ResolvedTool;
  /** Its own folder under the run folder: configuration, rules, data, log. Data of an earlier start are removed unless `keepData`. */
  readonly dir: string;
  /** prometheus.yml. Paths in it (rule_files, file_sd) are relative to `dir`; file_sd files lie in `targets/`. */
  readonly config: string;
  /** Further files by name relative to `dir`: the rule files that the configuration names. */
  readonly ruleFiles?: Readonly<Record<string, string>>;
  /** `--query.lookback-delta`; Prometheus's own default of 5 minutes when left out. */
  readonly lookbackDeltaMs?: number;
  /**
   * `--rules.alert.resend-delay`, 5,000 by default and never to be compressed: a firing alert expires 4 of these after it
   * was last sent, so a short one turns a late post into a false "resolved".
   */
  readonly resendDelayMs?: number;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly readyDeadlineMs?: number;
  /** Keep the data of an earlier start in that folder. */
  readonly keepData?: boolean;
  /** How much its heap may grow before garbage is collected, in percent; Go's own default of 100 when left out. */
  readonly gcPercent?: number;
  /** Further flags. */
  readonly flags?: readonly string[];
}

/** A running Prometheus of this run, with its HTTP API. */
export interface Prometheus extends PrometheusClient {
  readonly dir: string;
  readonly process: ManagedProcess;
  /** Writes the configuration and, where given, rule files; {@link Prometheus.reload} makes it use them. */
  writeConfig(config: string, ruleFiles?: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Writes `targets/<name>.json`, for a job with `file_sd_configs: [{files: [targets/<name>.json]}]`. Taken up without a
   * reload: on 3.x within about a second, on 2.42 within 5 seconds.
   */
  writeTargets(name: string, groups: readonly TargetGroup[]): Promise<void>;
  /** Rejects with a HarnessError that says what is wrong with the new configuration; the old one then stays in use. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

const CONFIG = 'prometheus.yml';
const TARGETS = 'targets';

/**
 * Starts Prometheus on loopback, with remote write and native histograms on, and resolves when it is ready.
 * On 2.42 the first scrape comes 5 seconds after the start, whatever the configuration; 3.x scrapes within a second.
 * @throws HarnessError with what Prometheus says is wrong, the tail of its log, and the path of its configuration.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { scope, tool, dir, lookbackDeltaMs, resendDelayMs = 5_000 } = options;
  const writeConfig = (config: string, ruleFiles = {}) => writeFiles(dir, { [CONFIG]: config, ...ruleFiles });
  if (options.keepData !== true) await rm(join(dir, 'data'), { recursive: true, force: true });
  await writeConfig(options.config, options.ruleFiles);
  // Prometheus watches only folders that are there when it starts, and reads others again after 5 minutes.
  await mkdir(join(dir, TARGETS), { recursive: true });
  const { url, process, reload } = await startServer({
    scope,
    name: 'Prometheus',
    program: tool.path,
    dir,
    configFile: join(dir, CONFIG),
    readyDeadlineMs: options.readyDeadlineMs ?? READY_DEADLINE_MS,
    env: options.gcPercent === undefined ? {} : { GOGC: String(options.gcPercent) },
    args: [
      // Relative on purpose: the phase in which a rule group is evaluated hangs on the path of its file.
      `--config.file=${CONFIG}`,
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${options.port ?? 0}`,
      '--web.enable-lifecycle',
      '--web.enable-remote-write-receiver',
      // Needed up to 3.7, without effect and accepted from 3.8 on.
      '--enable-feature=native-histograms',
      `--rules.alert.resend-delay=${resendDelayMs}ms`,
      // Hidden flag, accepted from 2.42 on; has an effect on 3.x, where it brings the first scrape from 5 s to 0.5 s.
      '--scrape.discovery-reload-interval=100ms',
      ...(lookbackDeltaMs === undefined ? [] : [`--query.lookback-delta=${lookbackDeltaMs}ms`]),
      ...(options.flags ?? []),
    ],
  });
  const stop = async () => void (await process.stop());
  return Object.assign(new PrometheusClient(url), {
    dir,
    process,
    writeConfig,
    writeTargets: (name: string, groups: readonly TargetGroup[]) =>
      writeTargets(join(dir, TARGETS, `${name}.json`), groups),
    reload,
    stop,
  });
}

/** Writes files by name relative to `dir`. */
export async function writeFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
