import { createInterface } from 'node:readline/promises';
import { LivePair } from '../drill/attached/api.ts';
import { runAttachedDrill } from '../drill/attached/drill.ts';
import { withDrillLock } from '../drill/attached/lock.ts';
import { planAttached } from '../drill/attached/plan.ts';
import { renderAttachedPlan } from '../drill/attached/plan-text.ts';
import type { AttachedOptions } from '../drill/attached/types.ts';
import { openRunFolder } from '../run/folder.ts';
import { createRecorder } from '../run/recorder.ts';
import { cacheFolder } from '../tools/cache.ts';
import { resolveTool } from '../tools/resolve.ts';
import { UsageError } from '../usage-error.ts';
import type { CommandContext } from './command.ts';
import { concludeRun } from './conclude.ts';
import { recordDrill } from './conclude-drill.ts';

/** What `firedrill drill --prometheus URL --alertmanager-url URL` is told. */
export interface AttachedCommandOptions {
  prometheus?: string;
  alertmanagerUrl?: string;
  alert?: string[];
  maxDuration: number;
  allowNotify?: boolean;
  webhookListen?: string;
  drillReceiver: string;
  yes?: boolean;
  verbose?: boolean;
  out?: string;
}

/** Drills the alerts of a pair that others use, once a person has agreed to the plan. */
export async function attachedDrill(context: CommandContext, options: AttachedCommandOptions): Promise<number> {
  const { output, signal, env } = context;
  const attached = await attachedOptions(context, options);
  const pair = new LivePair(attached.prometheusUrl, attached.alertmanagerUrl);
  const dir = openRunFolder(options.out, new Date());
  return concludeRun({ output, dir, link: options.out === undefined, env }, (onVerdict) =>
    withDrillLock(pair, attached, async () => {
      const plan = await planAttached(pair, attached);
      output.line(renderAttachedPlan(plan, attached));
      if (plan.cases.length > 0 && options.yes !== true) await confirm(signal);
      const recorder = createRecorder('drill', new URL(pair.prometheusUrl).host, null);
      Object.assign(recorder.verdict.harness, plan.versions);
      await recordDrill(context, recorder, { dir, verbose: options.verbose }, (live) =>
        runAttachedDrill(pair, plan, attached, live),
      );
      onVerdict(recorder.finish());
      signal.throwIfAborted();
    }),
  );
}

async function attachedOptions(
  { output, signal, env }: CommandContext,
  { prometheus, alertmanagerUrl, alert = [], maxDuration, allowNotify = false, ...rest }: AttachedCommandOptions,
): Promise<AttachedOptions> {
  if (prometheus === undefined || alertmanagerUrl === undefined) {
    throw new UsageError(
      'a drill on a running pair needs both of its addresses',
      'give --prometheus URL and --alertmanager-url URL',
    );
  }
  return {
    prometheusUrl: address(prometheus, '--prometheus'),
    alertmanagerUrl: address(alertmanagerUrl, '--alertmanager-url'),
    alerts: alert,
    maxDurationMs: maxDuration,
    allowNotify,
    webhook: rest.webhookListen === undefined ? null : { ...listen(rest.webhookListen), receiver: rest.drillReceiver },
    promtool: await resolveTool('promtool', { env, signal, onProgress: (text) => output.line(`  ${text}`) }),
    cacheDir: cacheFolder(env),
    output,
    signal,
  };
}

function address(text: string, option: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new UsageError(`${option} ${text} is no address`, 'write it as http://host:port');
}

function listen(text: string): { host: string; port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) {
    throw new UsageError(`--webhook-listen ${text} is no address`, 'write host:port, such as 0.0.0.0:9099');
  }
  return { host, port: Number(port) };
}

/** @throws UsageError unless a person at the terminal says yes. */
async function confirm(signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      'nothing was done: there is no terminal to ask whether the plan may be carried out',
      'give --yes',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('  carry it out? [y/N] ', { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was done: the plan was turned down', null);
  } finally {
    terminal.close();
  }
}
